// One kernel of the row products. Included once for each scalar and instruction set, with
//   KERNEL   its name
//   TARGET   what it is compiled for
//   SCALAR   float or double
//   ROWS     the rows of a tile, up to four: eight lanes of accumulators each have to fit the registers

#define JOINED(a, b) a##_##b
#define NAMED(a, b) JOINED(a, b)
#define Lanes NAMED(KERNEL, Lanes)
#define total NAMED(KERNEL, total)
#define tile NAMED(KERNEL, tile)

typedef SCALAR Lanes __attribute__((vector_size(8 * sizeof(SCALAR)), aligned(sizeof(SCALAR)), may_alias));

TARGET static inline __attribute__((always_inline)) SCALAR total(const Lanes *lanes) {
  const Lanes p = *lanes;
  return ((p[0] + p[4]) + (p[2] + p[6])) + ((p[1] + p[5]) + (p[3] + p[7]));
}

// `rows` is a constant where this is inlined, so that the accumulators are registers.
TARGET static inline __attribute__((always_inline)) void tile(
    int rows, const SCALAR *x, const SCALAR *w, long columns, long depth, SCALAR *out) {
  Lanes sums[ROWS] = {};
  const long whole = depth - depth % 8;
  for (long k = 0; k < whole; k += 8) {
    const Lanes weight = *(const Lanes *)(w + k);
    _Pragma("unroll") for (int r = 0; r < rows; r++) sums[r] += *(const Lanes *)(x + r * depth + k) * weight;
  }
  for (int r = 0; r < rows; r++) {
    SCALAR sum = total(&sums[r]);
    for (long k = whole; k < depth; k++) sum += x[r * depth + k] * w[k];
    out[r * columns] = sum;
  }
}

TARGET static void KERNEL(const SCALAR *x, const SCALAR *w, long rows, long columns, long depth, SCALAR *out) {
  // Weights are read once, in the order in which they lie: with few rows that is what takes time.
  for (long column = 0; column < columns; column++) {
    const SCALAR *weights = w + column * depth;
    for (long row = 0; row < rows; row += ROWS) {
      const SCALAR *a = x + row * depth;
      SCALAR *o = out + row * columns + column;
      switch (rows - row < ROWS ? rows - row : ROWS) {
        case 1: tile(1, a, weights, columns, depth, o); break;
#if ROWS > 2
        case 2: tile(2, a, weights, columns, depth, o); break;
        case 3: tile(3, a, weights, columns, depth, o); break;
#endif
        default: tile(ROWS, a, weights, columns, depth, o); break;
      }
    }
  }
}

#undef JOINED
#undef NAMED
#undef Lanes
#undef total
#undef tile
#undef KERNEL
#undef TARGET
#undef SCALAR
#undef ROWS
