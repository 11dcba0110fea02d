// One kernel of `tile_rows`. Included once for each instruction set, with
//   KERNEL  its name
//   TARGET  what it is compiled for

#define JOINED(a, b) a##_##b
#define NAMED_IN(kernel, name) JOINED(kernel, name)
#define NAMED(name) NAMED_IN(KERNEL, name)
#define Eight NAMED(Eight)
#define Magnitudes NAMED(Magnitudes)
#define Steps NAMED(Steps)
#define Bits NAMED(Bits)

// Rows lie wherever an array begins.
typedef double Eight __attribute__((vector_size(64), aligned(8), may_alias));
typedef long long Bits __attribute__((vector_size(64), aligned(8), may_alias));
typedef float Magnitudes __attribute__((vector_size(32), aligned(4), may_alias));
typedef int Steps __attribute__((vector_size(32), aligned(4), may_alias));

// The magnitudes of eight values in Float32, rounded up.
TARGET static inline __attribute__((always_inline)) void NAMED(rounded_up)(
    const Eight *values, Magnitudes *sizes) {
  const Eight exact = (Eight)((Bits)*values & 0x7fffffffffffffffLL);
  const Magnitudes nearest = __builtin_convertvector(exact, Magnitudes);
  // All bits of what is too small: as a number −1.
  const Bits isBelow = __builtin_convertvector(nearest, Eight) < exact;
  *sizes = (Magnitudes)((Steps)nearest - __builtin_convertvector(isBelow, Steps));
}

// Rows and columns of eight exchanged.
TARGET static inline __attribute__((always_inline)) void NAMED(exchange)(Eight x[8]) {
  Eight two[8], four[8];
  for (int i = 0; i < 8; i += 2) {
    two[i] = __builtin_shufflevector(x[i], x[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
    two[i + 1] = __builtin_shufflevector(x[i], x[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
  for (int i = 0; i < 8; i += 4) {
    for (int j = i; j < i + 2; j++) {
      four[j] = __builtin_shufflevector(two[j], two[j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      four[j + 2] = __builtin_shufflevector(two[j], two[j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  }
  for (int i = 0; i < 4; i++) {
    x[i] = __builtin_shufflevector(four[i], four[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    x[i + 4] = __builtin_shufflevector(four[i], four[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

TARGET static int NAMED(tiles)(const double *x, long rows, long depth, double *values, float *magnitudes) {
  Steps isTooLarge = {};
  for (long first = 0; first < rows; first += row_tile) {
    const long present = rows - first < row_tile ? rows - first : row_tile;
    for (long k = 0; k < depth; k += 8) {
      const long count = depth - k < 8 ? depth - k : 8;
      Eight columns[8] = {};
      for (long row = 0; row < present; row++) {
        const double *from = x + (first + row) * depth + k;
        if (count == 8) {
          columns[row] = *(const Eight *)from;
        } else {
          for (long i = 0; i < count; i++) columns[row][i] = from[i];
        }
      }
      NAMED(exchange)(columns);
      for (long i = 0; i < count; i++) {
        const long place = first * depth + (k + i) * row_tile;
        Magnitudes size;
        NAMED(rounded_up)(&columns[i], &size);
        isTooLarge |= size > __FLT_MAX__;
        *(Eight *)(values + place) = columns[i];
        *(Magnitudes *)(magnitudes + place) = size;
      }
    }
  }
  int any = 0;
  for (int lane = 0; lane < 8; lane++) any |= isTooLarge[lane];
  return !any;
}

#undef JOINED
#undef NAMED_IN
#undef NAMED
#undef Eight
#undef Magnitudes
#undef Steps
#undef Bits
#undef KERNEL
#undef TARGET
