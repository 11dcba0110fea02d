// One kernel of `narrow_products`. Included once for each instruction set, with
//   KERNEL   its name
//   TARGET   what it is compiled for
//   LANES    the doubles of a vector; a tile is two of them wide, and 2 · LANES divides panel_width
//   ROWS     the rows of a tile, which divides row_tile: 3 · ROWS accumulators have to fit the registers

#define JOINED(a, b) a##_##b
#define NAMED(a, b) JOINED(a, b)
#define Wide NAMED(KERNEL, Wide)
#define Narrow NAMED(KERNEL, Narrow)
#define Half NAMED(KERNEL, Half)
#define Bits NAMED(KERNEL, Bits)
#define tile NAMED(KERNEL, tile)

// Weights lie wherever an array begins.
typedef double Wide __attribute__((vector_size(8 * LANES), aligned(8), may_alias));
typedef float Narrow __attribute__((vector_size(8 * LANES), aligned(4), may_alias));
typedef float Half __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef int Bits __attribute__((vector_size(8 * LANES), aligned(4), may_alias));

// `rows` is a constant where this is inlined, so that the accumulators are registers.
TARGET static inline __attribute__((always_inline)) void tile(
    int rows, const double *x, const float *magnitudes, const float *w, long depth, long units, long count,
    double *sum, double *absolute) {
  Wide sums[ROWS][2] = {}, absolutes[ROWS][2] = {};
  for (long first = 0; first < depth; first += magnitude_chunk) {
    const long last = depth - first < magnitude_chunk ? depth : first + magnitude_chunk;
    Narrow partial[ROWS] = {};
    for (long k = first; k < last; k++) {
      const Wide weight[2] = {__builtin_convertvector(*(const Half *)(w + k * panel_width), Wide),
                              __builtin_convertvector(*(const Half *)(w + k * panel_width + LANES), Wide)};
      const Narrow magnitude = (Narrow)(*(const Bits *)(w + k * panel_width) & 0x7fffffff);
      _Pragma("unroll") for (int r = 0; r < rows; r++) {
        const double value = x[k * row_tile + r];
        sums[r][0] += value * weight[0];
        sums[r][1] += value * weight[1];
        partial[r] += magnitudes[k * row_tile + r] * magnitude;
      }
    }
    _Pragma("unroll") for (int r = 0; r < rows; r++) {
      const Half *halves = (const Half *)&partial[r];
      absolutes[r][0] += __builtin_convertvector(halves[0], Wide);
      absolutes[r][1] += __builtin_convertvector(halves[1], Wide);
    }
  }
  for (int r = 0; r < rows; r++) {
    for (long unit = 0; unit < count; unit++) {
      sum[r * units + unit] = sums[r][unit / LANES][unit % LANES];
      absolute[r * units + unit] = absolutes[r][unit / LANES][unit % LANES];
    }
  }
}

TARGET static void KERNEL(const double *x, const float *magnitudes, const float *panels, long rows, long units,
                          long depth, double *sum, double *absolute) {
  const long width = 2 * LANES;
  // A panel stays in cache while all rows pass it.
  for (long first = 0; first < units; first += width) {
    const float *w = panels + first / panel_width * panel_width * depth + first % panel_width;
    const long count = units - first < width ? units - first : width;
    for (long row = 0; row < rows; row += ROWS) {
      const long start = row / row_tile * row_tile * depth + row % row_tile;
      const double *a = x + start;
      const float *m = magnitudes + start;
      double *s = sum + row * units + first, *t = absolute + row * units + first;
      switch (rows - row < ROWS ? rows - row : ROWS) {
        case 1: tile(1, a, m, w, depth, units, count, s, t); break;
#if ROWS > 2
        case 2: tile(2, a, m, w, depth, units, count, s, t); break;
        case 3: tile(3, a, m, w, depth, units, count, s, t); break;
#endif
#if ROWS > 4
        case 4: tile(4, a, m, w, depth, units, count, s, t); break;
        case 5: tile(5, a, m, w, depth, units, count, s, t); break;
        case 6: tile(6, a, m, w, depth, units, count, s, t); break;
        case 7: tile(7, a, m, w, depth, units, count, s, t); break;
#endif
        default: tile(ROWS, a, m, w, depth, units, count, s, t); break;
      }
    }
  }
}

#undef JOINED
#undef NAMED
#undef Wide
#undef Narrow
#undef Half
#undef Bits
#undef tile
#undef KERNEL
#undef TARGET
#undef LANES
#undef ROWS
