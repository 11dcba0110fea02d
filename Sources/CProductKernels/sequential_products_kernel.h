// One kernel of the sequential products. Included once for each scalar and instruction set, with
//   KERNEL   its name
//   TARGET   what it is compiled for
//   SCALAR   float or double
//   LANES    the scalars of a vector
//   VECTORS  the vectors of a tile; LANES · VECTORS divides panel_width
//   ROWS     the rows of a tile, which divides row_tile: ROWS · VECTORS accumulators have to fit the registers

#define JOINED(a, b) a##_##b
#define NAMED(a, b) JOINED(a, b)
#define Vector NAMED(KERNEL, Vector)
#define tile NAMED(KERNEL, tile)

typedef SCALAR Vector __attribute__((vector_size(sizeof(SCALAR) * LANES), aligned(sizeof(SCALAR)), may_alias));

// `rows` is a constant where this is inlined, so that the accumulators are registers.
TARGET static inline __attribute__((always_inline)) void tile(
    int rows, const SCALAR *x, const SCALAR *w, long depth, long units, long count, SCALAR *sum) {
  Vector sums[ROWS][VECTORS] = {};
  for (int r = 0; r < rows; r++) {
    for (long unit = 0; unit < count; unit++) sums[r][unit / LANES][unit % LANES] = sum[r * units + unit];
  }
  for (long k = 0; k < depth; k++) {
    Vector weight[VECTORS];
    _Pragma("unroll") for (int v = 0; v < VECTORS; v++) {
      weight[v] = *(const Vector *)(w + k * panel_width + v * LANES);
    }
    _Pragma("unroll") for (int r = 0; r < rows; r++) {
      const SCALAR value = x[k * row_tile + r];
      _Pragma("unroll") for (int v = 0; v < VECTORS; v++) sums[r][v] += value * weight[v];
    }
  }
  for (int r = 0; r < rows; r++) {
    for (long unit = 0; unit < count; unit++) sum[r * units + unit] = sums[r][unit / LANES][unit % LANES];
  }
}

TARGET static void KERNEL(
    const SCALAR *x, const SCALAR *panels, long rows, long units, long depth, SCALAR *sum) {
  const long width = LANES * VECTORS;
  // A panel stays in cache while all rows pass it.
  for (long first = 0; first < units; first += width) {
    const SCALAR *w = panels + first / panel_width * panel_width * depth + first % panel_width;
    const long count = units - first < width ? units - first : width;
    for (long row = 0; row < rows; row += ROWS) {
      const SCALAR *a = x + row / row_tile * row_tile * depth + row % row_tile;
      SCALAR *s = sum + row * units + first;
      switch (rows - row < ROWS ? rows - row : ROWS) {
        case 1: tile(1, a, w, depth, units, count, s); break;
#if ROWS > 2
        case 2: tile(2, a, w, depth, units, count, s); break;
        case 3: tile(3, a, w, depth, units, count, s); break;
#endif
#if ROWS > 4
        case 4: tile(4, a, w, depth, units, count, s); break;
        case 5: tile(5, a, w, depth, units, count, s); break;
        case 6: tile(6, a, w, depth, units, count, s); break;
        case 7: tile(7, a, w, depth, units, count, s); break;
#endif
        default: tile(ROWS, a, w, depth, units, count, s); break;
      }
    }
  }
}

#undef JOINED
#undef NAMED
#undef Vector
#undef tile
#undef KERNEL
#undef TARGET
#undef SCALAR
#undef LANES
#undef VECTORS
#undef ROWS
