// What residuals come to. Included once for each instruction set, with
//   KERNEL  its name
//   TARGET  what it is compiled for
//
// Loops over elements are one expression each, without branches or calls, so that the compiler makes vectors of them.

#define JOINED(a, b) a##_##b
#define NAMED_IN(kernel, name) JOINED(kernel, name)
#define NAMED(name) NAMED_IN(KERNEL, name)
#define INLINE TARGET static inline __attribute__((always_inline))

// The larger of two, NaN above all.
INLINE double NAMED(greater)(double known, double x) { return ((x > known) | (x != x)) ? x : known; }

INLINE int NAMED(isFinite)(double x) { return __builtin_fabs(x) <= __DBL_MAX__; }

TARGET static int NAMED(all_finite)(long count, const double *x) {
  long long others = 0;
  for (long i = 0; i < count; i++) others |= !NAMED(isFinite)(x[i]);
  return !others;
}

TARGET static int NAMED(all_equal)(long count, const double *x, const double *y) {
  long long others = 0;
  for (long i = 0; i < count; i++) others |= !(x[i] == y[i]);
  return !others;
}

TARGET static void NAMED(residuals)(long count, const double *restrict recorded, const double *restrict midpoint,
                                    const double *restrict bound, double *restrict residual,
                                    unsigned char *restrict judgeable, unsigned char *restrict overflow) {
  _Pragma("clang loop vectorize(assume_safety)") for (long i = 0; i < count; i++) {
    const int isFinite = NAMED(isFinite)(recorded[i]), isBounded = bound[i] == bound[i];
    residual[i] = __builtin_fabs(recorded[i] - midpoint[i]);
    judgeable[i] = isFinite & isBounded;
    overflow[i] = isFinite & !isBounded;
  }
}

// The units that are taken at a time, and the rows that are: their sums go on beside each other.
enum { NAMED(stretch) = 128, NAMED(group) = 8 };

// Eight values side by side.
typedef double NAMED(Lanes) __attribute__((vector_size(64), aligned(8), may_alias));
typedef long long NAMED(Masks) __attribute__((vector_size(64), aligned(8), may_alias));

// What each element of a stretch of a row counts as; zeros fill up the last eight.
typedef struct NAMED(Elements) {
  double judged[NAMED(stretch)], counted[NAMED(stretch)], beyond[NAMED(stretch)];
  double residual[NAMED(stretch)], ratio[NAMED(stretch)], effective[NAMED(stretch)];
} NAMED(Elements);

// Whole numbers, which every order adds up to the same.
INLINE double NAMED(total)(long count, const double *x) {
  NAMED(Lanes) sums = {};
  for (long i = 0; i < count; i += 8) sums += *(const NAMED(Lanes) *)(x + i);
  double total = 0;
  for (int lane = 0; lane < 8; lane++) total += sums[lane];
  return total;
}

// What is largest is so in every order.
INLINE double NAMED(largest)(long count, const double *x, double known) {
  NAMED(Lanes) most = {};
  for (long i = 0; i < count; i += 8) {
    const NAMED(Lanes) next = *(const NAMED(Lanes) *)(x + i);
    const NAMED(Masks) is = (next > most) | (next != next);
    most = (NAMED(Lanes))((is & (NAMED(Masks))next) | (~is & (NAMED(Masks))most));
  }
  for (int lane = 0; lane < 8; lane++) known = NAMED(greater)(known, most[lane]);
  return known;
}

// A stretch of one row; `squares` of its elements are left to be added up in their order.
INLINE void NAMED(tallied)(long count, const double *restrict residual, const double *restrict bound,
                           const double *restrict scale, const unsigned char *restrict judgeable,
                           double *restrict squares, ResidualTally *restrict row, const UnitTallies *units,
                           long first) {
  NAMED(Elements) element;
  for (long i = count; i % 8 != 0; i++) {
    element.judged[i] = element.counted[i] = element.beyond[i] = 0;
    element.residual[i] = element.ratio[i] = element.effective[i] = 0;
  }
  double *restrict counted = units->counted + first, *restrict square = units->squares + first;
  double *restrict largest = units->residual + first, *restrict ratio = units->ratio + first;
  double *restrict effective = units->effective + first, *restrict beyond = units->beyond + first;
  _Pragma("clang loop vectorize(assume_safety)") for (long i = 0; i < count; i++) {
    const int is = judgeable[i] != 0;
    // What is not judged is as if it were exact, and does not count.
    const double r = is ? residual[i] : 0, b = is ? bound[i] : 1, s = is ? scale[i] : 0;
    // A dead ReLU unit neither rounds nor departs: it says nothing of the arithmetic.
    const int counts = !((s == 0) & (r == 0));
    const double quotient = r == 0 ? 0 : r / b, roundoff = r == 0 ? 0 : r / s;
    element.judged[i] = is ? 1 : 0;
    element.counted[i] = counts ? 1 : 0;
    element.beyond[i] = r <= b ? 0 : 1;
    element.residual[i] = r;
    element.ratio[i] = quotient;
    element.effective[i] = roundoff;
    squares[i] = roundoff * roundoff;
  }
  _Pragma("clang loop vectorize(assume_safety)") for (long i = 0; i < count; i++) {
    counted[i] += element.counted[i];
    square[i] += squares[i];
    beyond[i] += element.beyond[i];
    largest[i] = NAMED(greater)(largest[i], element.residual[i]);
    ratio[i] = NAMED(greater)(ratio[i], element.ratio[i]);
    effective[i] = NAMED(greater)(effective[i], element.effective[i]);
  }
  row->judged += NAMED(total)(count, element.judged);
  row->counted += NAMED(total)(count, element.counted);
  row->beyond += NAMED(total)(count, element.beyond);
  row->residual = NAMED(largest)(count, element.residual, row->residual);
  row->ratio = NAMED(largest)(count, element.ratio, row->ratio);
  row->effective = NAMED(largest)(count, element.effective, row->effective);
}

TARGET static void NAMED(tally)(long rows, long units, const double *residual, const double *bound,
                                const double *scale, const unsigned char *judgeable, ResidualTally *row_tallies,
                                const UnitTallies *unit_tallies) {
  double squares[NAMED(group)][NAMED(stretch)] = {};
  for (long row = 0; row < rows; row += NAMED(group)) {
    const long present = rows - row < NAMED(group) ? rows - row : NAMED(group);
    double sums[NAMED(group)] = {};
    for (long first = 0; first < units; first += NAMED(stretch)) {
      const long count = units - first < NAMED(stretch) ? units - first : NAMED(stretch);
      for (long r = 0; r < present; r++) {
        const long start = (row + r) * units + first;
        NAMED(tallied)(count, residual + start, bound + start, scale + start, judgeable + start, squares[r],
                       row_tallies + row + r, unit_tallies, first);
      }
      for (long i = 0; i < count; i++) {
        for (int r = 0; r < NAMED(group); r++) sums[r] += squares[r][i];
      }
    }
    for (long r = 0; r < present; r++) row_tallies[row + r].squares = sums[r];
  }
}

#undef JOINED
#undef NAMED_IN
#undef NAMED
#undef INLINE
#undef KERNEL
#undef TARGET
