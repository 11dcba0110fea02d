// One kernel of the row products. Included once for each scalar and instruction set, with
//   KERNEL   its name
//   TARGET   what it is compiled for
//   SCALAR   float or double
//   COLUMNS  the columns of a tile of two rows: each element is eight lanes of accumulators

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

// `rows` and `columns` are constants where this is inlined, so that the accumulators are registers.
TARGET static inline __attribute__((always_inline)) void tile(
    int rows, int columns, const SCALAR *x, const SCALAR *w, long stride, long depth, SCALAR *out) {
  Lanes sums[2][COLUMNS] = {};
  const long whole = depth - depth % 8;
  for (long k = 0; k < whole; k += 8) {
    _Pragma("unroll") for (int j = 0; j < columns; j++) {
      const Lanes weight = *(const Lanes *)(w + j * depth + k);
      _Pragma("unroll") for (int r = 0; r < rows; r++) {
        sums[r][j] += *(const Lanes *)(x + r * depth + k) * weight;
      }
    }
  }
  for (int r = 0; r < rows; r++) {
    for (int j = 0; j < columns; j++) {
      SCALAR sum = total(&sums[r][j]);
      for (long k = whole; k < depth; k++) sum += x[r * depth + k] * w[j * depth + k];
      out[r * stride + j] = sum;
    }
  }
}

TARGET static void KERNEL(const SCALAR *x, const SCALAR *w, long rows, long columns, long depth, SCALAR *out) {
  // The weights of a tile are read once for all rows: with few rows, reading them is what takes time.
  long column = 0;
  for (; column + COLUMNS <= columns; column += COLUMNS) {
    long row = 0;
    for (; row + 2 <= rows; row += 2) {
      tile(2, COLUMNS, x + row * depth, w + column * depth, columns, depth, out + row * columns + column);
    }
    if (row < rows) {
      tile(1, COLUMNS, x + row * depth, w + column * depth, columns, depth, out + row * columns + column);
    }
  }
  for (; column < columns; column++) {
    for (long row = 0; row < rows; row++) {
      tile(1, 1, x + row * depth, w + column * depth, columns, depth, out + row * columns + column);
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
#undef COLUMNS
