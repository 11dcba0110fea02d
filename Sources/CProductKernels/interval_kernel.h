// The elementwise operations on intervals. Included once for each instruction set, with
//   KERNEL  its name
//   TARGET  what it is compiled for
//
// Every loop is one expression an element, without branches or calls, so that the compiler makes vectors of it.

#define JOINED(a, b) a##_##b
#define NAMED_IN(kernel, name) JOINED(kernel, name)
#define NAMED(name) NAMED_IN(KERNEL, name)
#define INLINE TARGET static inline __attribute__((always_inline))

INLINE double NAMED(magnitude)(double x) { return __builtin_fabs(x); }
// A NaN that comes first stays, as Swift's `max` has it.
INLINE double NAMED(larger)(double x, double y) { return y >= x ? y : x; }
INLINE double NAMED(norm)(double a, double b, double c) { return __builtin_elementwise_sqrt(a * a + b * b + c * c); }

// What flushing a value in [m − r, m + r] to zero may lose: nothing where no value in it is subnormal.
INLINE double NAMED(lost)(double m, double r, double underflow) {
  const double largest = NAMED(magnitude)(m) + r, least = NAMED(magnitude)(m) - r;
  const double some = largest < underflow ? largest : underflow;
  return ((largest > 0) & (least < underflow)) ? some : 0;
}

// The radius, or NaN where a value within it leaves the range of the format.
INLINE double NAMED(within)(double m, double r, double largest) {
  return NAMED(magnitude)(m) + r <= largest ? r : __builtin_nan("");
}

// One operation's rounding on top of a propagated radius, in the run and in the checker.
INLINE double NAMED(rounded)(double r, double m, const Roundings *u) {
  const double size = NAMED(magnitude)(m);
  return NAMED(within)(m, r + u->operation * (size + r) + u->underflow + 2 * u->checker * size, u->largest);
}

TARGET static void NAMED(product)(Roundings u, long count, const double *restrict a, const double *restrict ra,
                                  const double *restrict sa, const double *restrict b, const double *restrict rb,
                                  const double *restrict sb, double *restrict m, double *restrict r,
                                  double *restrict s) {
  _Pragma("clang loop vectorize(assume_safety)") for (long i = 0; i < count; i++) {
    const double x = NAMED(magnitude)(a[i]), y = NAMED(magnitude)(b[i]);
    const double midpoint = a[i] * b[i], radius = x * rb[i] + y * ra[i] + ra[i] * rb[i];
    const double flushed = NAMED(lost)(a[i], ra[i], u.underflow) * (y + rb[i])
      + NAMED(lost)(b[i], rb[i], u.underflow) * (x + ra[i]);
    m[i] = midpoint;
    r[i] = NAMED(rounded)(radius + flushed, midpoint, &u);
    s[i] = NAMED(larger)(NAMED(norm)(a[i] * sb[i], b[i] * sa[i], u.scale * midpoint),
                         flushed + NAMED(lost)(midpoint, radius, u.underflow));
  }
}

TARGET static void NAMED(addition)(Roundings u, long count, const double *restrict a, const double *restrict ra,
                                   const double *restrict sa, const double *restrict b, const double *restrict rb,
                                   const double *restrict sb, double *restrict m, double *restrict r,
                                   double *restrict s) {
  _Pragma("clang loop vectorize(assume_safety)") for (long i = 0; i < count; i++) {
    const double midpoint = a[i] + b[i], radius = ra[i] + rb[i];
    const double flushed = NAMED(lost)(a[i], ra[i], u.underflow) + NAMED(lost)(b[i], rb[i], u.underflow);
    m[i] = midpoint;
    r[i] = NAMED(rounded)(radius + flushed, midpoint, &u);
    s[i] = NAMED(larger)(NAMED(norm)(sa[i], sb[i], u.scale * midpoint),
                         flushed + NAMED(lost)(midpoint, radius, u.underflow));
  }
}

TARGET static void NAMED(blend)(Roundings u, int keeps, long count, const double *restrict z,
                                const double *restrict rz, const double *restrict sz, const double *restrict new,
                                const double *restrict rn, const double *restrict sn, const double *restrict old,
                                const double *restrict rh, const double *restrict sh, double *restrict midpoint,
                                double *restrict radius, double *restrict scale) {
  _Pragma("clang loop vectorize(assume_safety)") for (long i = 0; i < count; i++) {
    const double keep = keeps ? z[i] : 1 - z[i], take = 1 - keep, n = new[i], h = old[i];
    const double size = NAMED(magnitude)(h) + NAMED(magnitude)(n) + rn[i] + rh[i];
    const double m = keep * h + take * n;
    // z, or 1 − z, may be flushed in front of n, h or their difference; n and h in front of a factor of at most 1,
    // and each once more as an operand of the difference; the two products in front of their sum, and it.
    const double flushed =
      (NAMED(lost)(keep, rz[i], u.underflow) + NAMED(lost)(take, rz[i], u.underflow)) * size
      + 2 * NAMED(lost)(n, rn[i], u.underflow) + 2 * NAMED(lost)(h, rh[i], u.underflow)
      + 2 * NAMED(lost)(keep * h, rz[i] * (NAMED(magnitude)(h) + rh[i]) + rh[i], u.underflow)
      + 2 * NAMED(lost)(take * n, rz[i] * (NAMED(magnitude)(n) + rn[i]) + rn[i], u.underflow);
    const double propagated = NAMED(magnitude)(h - n) * rz[i] + NAMED(magnitude)(take) * rn[i]
      + NAMED(magnitude)(keep) * rh[i] + rz[i] * (rn[i] + rh[i]);
    const double own = propagated + flushed + u.activation * size * NAMED(larger)(NAMED(magnitude)(keep), 0.25)
      + 5 * u.operation * size + 5 * u.underflow + 4 * u.checker * size;
    const double rounding =
      u.scale * (NAMED(magnitude)(take) * NAMED(magnitude)(n) + NAMED(magnitude)(keep) * NAMED(magnitude)(h));
    midpoint[i] = m;
    radius[i] = NAMED(within)(m, own, u.largest);
    scale[i] = NAMED(larger)(
      NAMED(norm)((h - n) * sz[i], NAMED(norm)(take * sn[i], keep * sh[i], 0), rounding), flushed);
  }
}

// Begins a sum with products whose magnitudes may be too small by `excess` of themselves and by `lost`.
TARGET static void NAMED(begun)(long count, double relative, double excess, double lost, double *restrict absolute,
                                double *restrict radius) {
  _Pragma("clang loop vectorize(assume_safety)") for (long i = 0; i < count; i++) {
    const double size = absolute[i] * (1 + excess) + lost;
    absolute[i] = size;
    radius[i] = relative * size;
  }
}

// Adds such products to a sum.
TARGET static void NAMED(continued)(long count, double relative, double excess, double lost,
                                    const double *restrict block_sum, const double *restrict block_absolute,
                                    double *restrict midpoint, double *restrict absolute, double *restrict radius) {
  _Pragma("clang loop vectorize(assume_safety)") for (long i = 0; i < count; i++) {
    const double size = block_absolute[i] * (1 + excess) + lost;
    midpoint[i] += block_sum[i];
    absolute[i] += size;
    radius[i] += relative * size;
  }
}

// The value without its last `dropped` bits, rounded to nearest even or toward zero.
INLINE double NAMED(shortened)(double x, int truncates, long long dropped) {
  union { double value; unsigned long long bits; } number = {.value = x};
  // Just below half of a spacing, or half where the last bit that stays is odd: a carry rounds up.
  const unsigned long long half = truncates ? 0 : (1ull << (dropped - 1)) - 1 + ((number.bits >> dropped) & 1);
  number.bits = ((number.bits + half) >> dropped) << dropped;
  return number.value;
}

// Whether a format is Float64 without the last bits there: at zero, and between its ends.
INLINE int NAMED(inside)(double x, double least, double most) {
  const double size = NAMED(magnitude)(x);
  return (x == 0) | ((size >= least) & (size < most));
}

// The image under a rounding, and whether all of it is between the ends of the format.
TARGET static int NAMED(shortening)(int truncates, long long dropped, double least, double most, long count,
                                    const double *restrict m, const double *restrict r, double *restrict midpoint,
                                    double *restrict radius) {
  long long outside = 0;
  _Pragma("clang loop vectorize(assume_safety)") for (long i = 0; i < count; i++) {
    const double low = m[i] - r[i], high = m[i] + r[i], center = NAMED(shortened)(m[i], truncates, dropped);
    outside |= !(NAMED(inside)(m[i], least, most) & NAMED(inside)(low, least, most)
                 & NAMED(inside)(high, least, most));
    midpoint[i] = center;
    radius[i] = NAMED(larger)(NAMED(shortened)(high, truncates, dropped) - center,
                              center - NAMED(shortened)(low, truncates, dropped));
  }
  return !outside;
}

// What is left of a sum once its products are there: the biases, and the roundings of its N terms.
TARGET static void NAMED(finished)(SumRoundings u, long rows, long units, const double *restrict row_underflows,
                                   const double *restrict unit_underflows, const double *restrict bias,
                                   const double *restrict second, const double *restrict bias_size,
                                   const double *restrict bias_radius, const double *restrict absolute,
                                   double *restrict midpoint, double *restrict radius, double *restrict scale) {
  for (long row = 0; row < rows; row++, absolute += units, midpoint += units, radius += units, scale += units) {
    _Pragma("clang loop vectorize(assume_safety)") for (long i = 0; i < units; i++) {
      const double size = absolute[i] + bias_size[i];
      const double underflow = u.term_underflow * (row_underflows[row] + unit_underflows[i]);
      const double expected = u.scale * (size + u.underflow);
      const double r = radius[i] + bias_radius[i] + (u.each * size + underflow + u.underflow + u.checker * size);
      midpoint[i] = midpoint[i] + bias[i] + second[i];
      // No partial sum is larger than S, in any order.
      radius[i] = size + r <= u.largest ? r : __builtin_nan("");
      // Frameworks that flush subnormal numbers are off by that much: it is expected of them.
      scale[i] = __builtin_elementwise_sqrt(scale[i] + (expected * expected + underflow * underflow));
    }
  }
}

// MARK: Activations

// What eˣ is made of, for x ≤ 0 that is not NaN: eˣ = 2ᵏ (1 + p), good to 2 units in the last place from −708 on, where
// it is what it is there.
//
// x = k ln 2 + y with |y| ≤ 0.347. Taylor's polynomial for p = e^y − 1 leaves out less than 2⁻⁵⁶ of y. What is taken
// from x is k times the leading 32 bits of ln 2, exactly, and k times the rest, which is good to 2⁻⁸⁵.
INLINE double NAMED(exponential)(double x, double *power) {
  const double limited = x > -708 ? x : -708;
  // Added and taken away, it rounds to a whole number; in between, the low bits are that number.
  const double shift = 0x1.8p52;
  const double shifted = limited * 1.4426950408889634 + shift;
  const double k = shifted - shift;
  const double y = (limited - k * 0x1.62e42feep-1) - k * 0x1.a39ef35793c76p-33;
  double q = 1. / 6227020800;
  q = q * y + 1. / 479001600;
  q = q * y + 1. / 39916800;
  q = q * y + 1. / 3628800;
  q = q * y + 1. / 362880;
  q = q * y + 1. / 40320;
  q = q * y + 1. / 5040;
  q = q * y + 1. / 720;
  q = q * y + 1. / 120;
  q = q * y + 1. / 24;
  q = q * y + 1. / 6;
  q = q * y + 0.5;
  union { double value; long long bits; } number = {.value = shifted};
  number.bits = (number.bits + 1023) << 52;
  *power = number.value;
  return y + y * y * q;
}

// Good to 3 · 2⁻⁵³, and NaN for NaN.
//
// In units of 2⁻⁵³: p is off by at most 0.8 (y 0.35, the polynomial 0.2, the last sum 0.25), and by 0.45 where k = 0.
// `less` rounds once more, by 0.5, and counts 2/(2 + less)² times, together 1.01 at most for any k; 2 + less rounds by 1,
// which counts |f|/(2 + less) ≤ 1 times; the quotient by 0.5.
INLINE double NAMED(tanh)(double x) {
  double power;
  const double p = NAMED(exponential)(-2 * NAMED(magnitude)(x), &power);
  // e^(−2|x|) − 1; where k = 0 it is p itself, without cancellation.
  const double less = (power - 1) + power * p;
  const double f = __builtin_copysign(less / (2 + less), x);
  return x == x ? f : x;
}

// Good to 3 · 2⁻⁵³, and NaN for NaN: e is off by 1.8 at most, which counts 1/(1 + e)² times, and 2ᵏ times below ½; the
// sum by 1 and the quotient by 0.5 as above.
INLINE double NAMED(sigmoid)(double x) {
  double power;
  const double p = NAMED(exponential)(-NAMED(magnitude)(x), &power);
  const double e = power + power * p;
  const double f = (x < 0 ? e : 1) / (1 + e);
  return x == x ? f : x;
}

#define FUNCTION tanh
#define SLOPE(f) (1 - (f)) * (1 + (f))
#include "interval_activation.h"
#undef FUNCTION
#undef SLOPE

#define FUNCTION sigmoid
#define SLOPE(f) (f) * (1 - (f))
#include "interval_activation.h"
#undef FUNCTION
#undef SLOPE

#undef JOINED
#undef NAMED_IN
#undef NAMED
#undef INLINE
#undef KERNEL
#undef TARGET
