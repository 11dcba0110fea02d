// One kernel of `pack_narrow_weights`. Included once for each instruction set, with
//   KERNEL   its name
//   TARGET   what it is compiled for
//   LANES    the doubles of a vector, which divides panel_width

#define JOINED(a, b) a##_##b
#define NAMED(a, b) JOINED(a, b)
#define Wide NAMED(KERNEL, Wide)
#define Half NAMED(KERNEL, Half)
#define Bits NAMED(KERNEL, Bits)
#define panel NAMED(KERNEL, panel)

typedef double Wide __attribute__((vector_size(8 * LANES), aligned(8), may_alias));
typedef float Half __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef long long Bits __attribute__((vector_size(8 * LANES), aligned(8), may_alias));

// The columns that are turned at a time.
enum { NAMED(KERNEL, columns) = 8 };

// One panel of `count` units; the bits of what is returned are zero where Float32 holds all of its weights.
TARGET static inline __attribute__((always_inline)) Bits panel(
    const double *w, long count, long depth, float *to, double *sums) {
  Bits lost = {};
  Wide sum[panel_width / LANES] = {};
  double turned[NAMED(KERNEL, columns)][panel_width] = {};
  for (long first = 0; first < depth; first += NAMED(KERNEL, columns)) {
    const long columns = depth - first < NAMED(KERNEL, columns) ? depth - first : NAMED(KERNEL, columns);
    if (columns == NAMED(KERNEL, columns)) {
      for (long unit = 0; unit < count; unit++) {
        _Pragma("unroll") for (int k = 0; k < NAMED(KERNEL, columns); k++) {
          turned[k][unit] = w[unit * depth + first + k];
        }
      }
    } else {
      for (long unit = 0; unit < count; unit++) {
        for (long k = 0; k < columns; k++) turned[k][unit] = w[unit * depth + first + k];
      }
    }
    for (long k = 0; k < columns; k++) {
      _Pragma("unroll") for (int v = 0; v < panel_width / LANES; v++) {
        const Wide weight = *(const Wide *)(turned[k] + v * LANES);
        const Half narrow = __builtin_convertvector(weight, Half);
        *(Half *)(to + (first + k) * panel_width + v * LANES) = narrow;
        lost |= __builtin_convertvector(narrow, Wide) != weight;
        sum[v] += (Wide)((Bits)weight & 0x7fffffffffffffffLL);
      }
    }
  }
  for (long unit = 0; unit < count; unit++) sums[unit] = sum[unit / LANES][unit % LANES];
  return lost;
}

TARGET static int KERNEL(const double *w, long units, long depth, float *panels, double *sums) {
  Bits lost = {};
  for (long first = 0; first < units; first += panel_width) {
    const long count = units - first < panel_width ? units - first : panel_width;
    const double *from = w + first * depth;
    float *to = panels + first * depth;
    // The number of units is a constant where there are enough.
    lost |= count == panel_width ? panel(from, panel_width, depth, to, sums + first)
                                 : panel(from, count, depth, to, sums + first);
  }
  long long any = 0;
  for (int lane = 0; lane < LANES; lane++) any |= lost[lane];
  return !any;
}

#undef JOINED
#undef NAMED
#undef Wide
#undef Half
#undef Bits
#undef panel
#undef KERNEL
#undef TARGET
#undef LANES
