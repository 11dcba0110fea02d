// What one activation makes of an interval and of an expected scale. Included once for each, with
//   FUNCTION  its name
//   SLOPE(f)  f′ in terms of f; |f″| ≤ 2 f′, and f′ ≤ 1

#define JOINED_TO(a, b) a##b
#define NAMED_APPLY(f) JOINED_TO(apply_, f)
#define F(x) NAMED(FUNCTION)(x)

TARGET static void NAMED(NAMED_APPLY(FUNCTION))(Roundings u, long count, const double *restrict m,
                                                const double *restrict r, const double *restrict s,
                                                double *restrict midpoint, double *restrict radius,
                                                double *restrict scale) {
  // Above this, an interval's image is taken from its two ends.
  const double small = 0x1p-10;
  long long isWide = 0;
  for (long i = 0; i < count; i++) isWide |= !(r[i] < small) | !(s[i] < small);

  // f′ grows by at most e^{2r} ≤ 1 + 4r over the interval. The constant covers the slope itself, which is only good to
  // 2⁻⁵² where f saturates.
  _Pragma("clang loop vectorize(assume_safety)") for (long i = 0; i < count; i++) {
    const double f = F(m[i]), slope = SLOPE(f);
    midpoint[i] = f;
    radius[i] = r[i] * (slope + 0x1p-52) * (1 + 4 * r[i]);
    scale[i] = s[i] * slope;
  }
  if (isWide) {
    _Pragma("clang loop vectorize(assume_safety)") for (long i = 0; i < count; i++) {
      const double f = midpoint[i], high = F(m[i] + r[i]), low = F(m[i] - r[i]);
      // The ends are off like the midpoint, whose own allowance covers it alone.
      const double image = NAMED(larger)(high - f, f - low) + 0x1p-50;
      const double expected = (F(m[i] + s[i]) - F(m[i] - s[i])) / 2;
      const int wide = !(r[i] < small) | !(s[i] < small);
      radius[i] = wide ? image : radius[i];
      scale[i] = wide ? expected : scale[i];
    }
  }
  _Pragma("clang loop vectorize(assume_safety)") for (long i = 0; i < count; i++) {
    const double f = midpoint[i], image = radius[i], size = NAMED(larger)(NAMED(magnitude)(f), 0.25);
    // A flushed operand moves the image by at most the steepest slope, 1, times as much.
    const double lost = NAMED(lost)(m[i], r[i], u.underflow);
    const double flushed = ((f == 0) & (image == 0)) ? 0 : lost;
    const double own = u.activation * size + (u.underflow + 4 * u.checker);
    radius[i] = NAMED(within)(f, image + own + flushed, u.largest);
    scale[i] = NAMED(larger)(NAMED(norm)(scale[i], u.scale * size, 0), flushed);
  }
}

#undef JOINED_TO
#undef NAMED_APPLY
#undef F
