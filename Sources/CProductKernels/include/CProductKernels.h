#ifndef C_PRODUCT_KERNELS_H
#define C_PRODUCT_KERNELS_H

/// What a kernel is compiled for.
///
/// Swift packages compile for the oldest processor of an architecture; these kernels are compiled for newer ones
/// as well, and chosen when the program runs.
typedef enum __attribute__((enum_extensibility(closed))) InstructionSet {
  /// What every processor of the architecture has.
  InstructionSetPortable,
  /// x86-64 with AVX2 and FMA.
  InstructionSetAVX2,
  /// x86-64 with AVX-512F.
  InstructionSetAVX512,
} InstructionSet;

/// The best one that this processor and its operating system support.
InstructionSet best_instruction_set(void);

/// The units of a panel: see `block_products`.
enum { panel_width = 16 };

/// `sum[r, j] = Σ_k x[r, k] · w[j, k]` and `absolute[r, j] = Σ_k |x[r, k] · w[j, k]|`, each in the order of k, so
/// that products which are exact in Float64 give the same result in every instruction set.
///
/// `x` is `(rows, depth)`, `sum` and `absolute` are `(rows, units)`, row-major. The weights lie in panels of
/// `panel_width` units, each panel one k after the other, the last filled up with zeros.
void block_products(InstructionSet set, const double *x, const double *panels, long rows, long units, long depth,
                    double *sum, double *absolute);

/// The rows of a tile: see `narrow_products`.
enum { row_tile = 8 };

/// The terms of a sum of magnitudes that are added in Float32 before Float64 takes over.
enum { magnitude_chunk = 128 };

/// The same sums of Float32 weights: `sum` in Float64 as there, `absolute` in Float32 over `magnitude_chunk` terms at a
/// time. It is off by at most 2⁻¹⁶ of itself and 2⁻¹⁴⁹ for each term, whatever is fused.
///
/// The rows lie in tiles of `row_tile` rows, each tile one k after the other, the last filled up with zeros; `x` holds
/// the values, `magnitudes` their magnitudes rounded up to Float32. The weights lie in panels as there.
void narrow_products(InstructionSet set, const double *x, const float *magnitudes, const float *panels, long rows,
                     long units, long depth, double *sum, double *absolute);

/// Lays rows `(rows, depth)`, row-major, into tiles as they are read there, with their magnitudes. Zero where Float32 does
/// not hold one of those.
int tile_rows(InstructionSet set, const double *x, long rows, long depth, double *values, float *magnitudes);

/// Lays weights `(units, depth)`, row-major, into panels of Float32 as they are read there, and adds up the magnitudes of
/// each unit in the order of k. Zero where Float32 does not hold them all.
int pack_narrow_weights(InstructionSet set, const double *w, long units, long depth, float *panels, double *sums);

/// Adds `Σ_k x[r, k] · w[j, k]` to `sum`, one term after the other, each product and each sum rounded: bit for bit
/// what a plain loop gives, in every instruction set. Rows lie in tiles and weights in panels, as above.
void sequential_products_float(InstructionSet set, const float *x, const float *panels, long rows, long units,
                               long depth, float *sum);
void sequential_products_double(InstructionSet set, const double *x, const double *panels, long rows, long units,
                                long depth, double *sum);

/// What one elementwise operation may be off by: see `ErrorModel`.
typedef struct Roundings {
  double operation, activation, scale, underflow, checker, largest;
} Roundings;

/// What an inner product of N terms may be off by: `each` and `checker` of `S = Σ|terms|`.
typedef struct SumRoundings {
  double each, scale, underflow, term_underflow, checker, largest;
} SumRoundings;

// The operations of `CertifiedArithmetic` on `count` elements, each with midpoint, radius and scale; no two instruction
// sets give another bit. Results lie apart from operands.

void interval_product(InstructionSet set, Roundings u, long count, const double *a, const double *ra, const double *sa,
                      const double *b, const double *rb, const double *sb, double *m, double *r, double *s);

void interval_addition(InstructionSet set, Roundings u, long count, const double *a, const double *ra,
                       const double *sa, const double *b, const double *rb, const double *sb, double *m, double *r,
                       double *s);

/// `(1 − z) n + z h` where z keeps, else `(1 − z) h + z n`.
void interval_blend(InstructionSet set, Roundings u, int keeps, long count, const double *z, const double *rz,
                    const double *sz, const double *n, const double *rn, const double *sn, const double *h,
                    const double *rh, const double *sh, double *m, double *r, double *s);

/// The image under an activation; its value is off by at most 3 · 2⁻⁵³.
void interval_tanh(InstructionSet set, Roundings u, long count, const double *m, const double *r, const double *s,
                   double *midpoint, double *radius, double *scale);
void interval_sigmoid(InstructionSet set, Roundings u, long count, const double *m, const double *r, const double *s,
                      double *midpoint, double *radius, double *scale);

/// Begins a pre-activation with the magnitudes of products, and `relative` of them as its radius. They may be too small
/// by `excess` of themselves and by `lost`: they are rounded up.
void interval_begin_sum(InstructionSet set, long count, double relative, double excess, double lost, double *absolute,
                        double *radius);

/// Adds further products to it.
void interval_continue_sum(InstructionSet set, long count, double relative, double excess, double lost,
                           const double *sum, const double *size, double *midpoint, double *absolute,
                           double *radius);

/// Makes a pre-activation of the sum of its products, `(rows, units)` each: adds two biases, and to the radius what
/// the sum itself may be off by.
///
/// - Parameters:
///   - row_underflows, unit_underflows: how often η may be lost, `(rows)` and `(units)`.
///   - bias_size, bias_radius: what the biases add to S and to the radius, `(units)`.
///   - absolute: S without the biases.
///   - midpoint, radius: of the products on the way in, of the sum on the way out.
///   - scale: the square of the operands' on the way in, the sum's on the way out.
void interval_finish_sum(InstructionSet set, SumRoundings u, long rows, long units, const double *row_underflows,
                  const double *unit_underflows, const double *bias, const double *second, const double *bias_size,
                  const double *bias_radius, const double *absolute, double *midpoint, double *radius, double *scale);

/// The image under a rounding that drops that many bits of a Float64, to nearest even or toward zero, of a format whose
/// normal numbers are from `least` up to `2 · most`. Zero where some of it is not between `least` and `most`, and is
/// not what the format makes of it.
int interval_shortening(InstructionSet set, int truncates, long long dropped, double least, double most, long count,
                        const double *m, const double *r, double *midpoint, double *radius);

/// Whether all are finite, and whether each is equal to the other.
int all_finite(InstructionSet set, long count, const double *x);
int all_equal(InstructionSet set, long count, const double *x, const double *y);

/// How far recorded values are from their midpoints. Those that are finite are judgeable where there is a bound, and may
/// overflow where it is NaN.
void residuals(InstructionSet set, long count, const double *recorded, const double *midpoint, const double *bound,
               double *residual, _Bool *judgeable, _Bool *overflow);

/// What the judgeable residuals of a row come to: how many there are, how many could have rounded and how many are
/// beyond their bound; the sum of the squares of `ε = r/σ`, one after the other; and the largest r, r/ρ and ε, NaN
/// above all.
typedef struct ResidualTally {
  double judged, counted, beyond, squares, residual, ratio, effective;
} ResidualTally;

/// The same of each unit.
typedef struct UnitTallies {
  double *counted, *beyond, *squares, *residual, *ratio, *effective;
} UnitTallies;

/// Tallies `(rows, units)` residuals by row and by unit; the tallies are zeros on the way in.
void tally_residuals(InstructionSet set, long rows, long units, const double *residual, const double *bound,
                     const double *scale, const _Bool *judgeable, ResidualTally *row_tallies,
                     UnitTallies unit_tallies);

/// `out[r, j] = Σ_k x[r, k] · w[j, k]`, row-major, in eight partial sums: every instruction set gives the same
/// result, because none fuses a multiplication with an addition.
void row_products_float(InstructionSet set, const float *x, const float *w, long rows, long columns, long depth,
                        float *out);
void row_products_double(InstructionSet set, const double *x, const double *w, long rows, long columns, long depth,
                         double *out);

#endif
