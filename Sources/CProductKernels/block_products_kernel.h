// One kernel of `block_products`. Included once for each instruction set, with
//   KERNEL   its name
//   TARGET   what it is compiled for
//   LANES    the doubles of a vector
//   VECTORS  the vectors of a tile; LANES · VECTORS divides panel_width
//   ROWS     the rows of a tile, up to six: 2 · ROWS · VECTORS accumulators have to fit the registers

#define JOINED(a, b) a##_##b
#define NAMED(a, b) JOINED(a, b)
#define Vector NAMED(KERNEL, Vector)
#define Bits NAMED(KERNEL, Bits)
#define tile NAMED(KERNEL, tile)

// Weights lie wherever an array begins.
typedef double Vector __attribute__((vector_size(8 * LANES), aligned(8), may_alias));
typedef long long Bits __attribute__((vector_size(8 * LANES), aligned(8), may_alias));

// `rows` is a constant where this is inlined, so that the accumulators are registers.
TARGET static inline __attribute__((always_inline)) void tile(
    int rows, const double *x, const double *w, long depth, long units, long count, double *sum, double *absolute) {
  Vector sums[ROWS][VECTORS] = {}, absolutes[ROWS][VECTORS] = {};
  for (long k = 0; k < depth; k++) {
    Vector weight[VECTORS], magnitude[VECTORS];
    _Pragma("unroll") for (int v = 0; v < VECTORS; v++) {
      weight[v] = *(const Vector *)(w + k * panel_width + v * LANES);
      magnitude[v] = (Vector)((Bits)weight[v] & 0x7fffffffffffffffLL);
    }
    _Pragma("unroll") for (int r = 0; r < rows; r++) {
      const double value = x[r * depth + k];
      _Pragma("unroll") for (int v = 0; v < VECTORS; v++) {
        sums[r][v] += value * weight[v];
        absolutes[r][v] += __builtin_fabs(value) * magnitude[v];
      }
    }
  }
  for (int r = 0; r < rows; r++) {
    for (long unit = 0; unit < count; unit++) {
      sum[r * units + unit] = sums[r][unit / LANES][unit % LANES];
      absolute[r * units + unit] = absolutes[r][unit / LANES][unit % LANES];
    }
  }
}

TARGET static void KERNEL(
    const double *x, const double *panels, long rows, long units, long depth, double *sum, double *absolute) {
  const long width = LANES * VECTORS;
  // A panel stays in cache while all rows pass it.
  for (long first = 0; first < units; first += width) {
    const double *w = panels + first / panel_width * panel_width * depth + first % panel_width;
    const long count = units - first < width ? units - first : width;
    for (long row = 0; row < rows; row += ROWS) {
      const double *a = x + row * depth;
      double *s = sum + row * units + first, *t = absolute + row * units + first;
      switch (rows - row < ROWS ? rows - row : ROWS) {
        case 1: tile(1, a, w, depth, units, count, s, t); break;
#if ROWS > 2
        case 2: tile(2, a, w, depth, units, count, s, t); break;
        case 3: tile(3, a, w, depth, units, count, s, t); break;
        case 4: tile(4, a, w, depth, units, count, s, t); break;
        case 5: tile(5, a, w, depth, units, count, s, t); break;
#endif
        default: tile(ROWS, a, w, depth, units, count, s, t); break;
      }
    }
  }
}

#undef JOINED
#undef NAMED
#undef Vector
#undef Bits
#undef tile
#undef KERNEL
#undef TARGET
#undef LANES
#undef VECTORS
#undef ROWS
