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

/// `out[r, j] = Σ_k x[r, k] · w[j, k]`, row-major, in eight partial sums: every instruction set gives the same
/// result, because none fuses a multiplication with an addition.
void row_products_float(InstructionSet set, const float *x, const float *w, long rows, long columns, long depth,
                        float *out);
void row_products_double(InstructionSet set, const double *x, const double *w, long rows, long columns, long depth,
                         double *out);

#endif
