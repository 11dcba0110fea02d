#include "CProductKernels.h"

// A run must not depend on the processor.
#pragma STDC FP_CONTRACT OFF

#define KERNEL portable_float
#define TARGET
#define SCALAR float
#define ROWS 2
#include "row_products_kernel.h"

#define KERNEL portable_double
#define TARGET
#define SCALAR double
#define ROWS 2
#include "row_products_kernel.h"

#if defined(__x86_64__)
// Eight lanes fill AVX2's registers; wider ones would need another order of summation, and memory is no faster.
#define KERNEL avx2_float
#define TARGET __attribute__((target("avx2")))
#define SCALAR float
#define ROWS 4
#include "row_products_kernel.h"

#define KERNEL avx2_double
#define TARGET __attribute__((target("avx2")))
#define SCALAR double
#define ROWS 4
#include "row_products_kernel.h"
#endif

void row_products_float(InstructionSet set, const float *x, const float *w, long rows, long columns, long depth,
                        float *out) {
#if defined(__x86_64__)
  if (set != InstructionSetPortable) return avx2_float(x, w, rows, columns, depth, out);
#endif
  portable_float(x, w, rows, columns, depth, out);
}

void row_products_double(InstructionSet set, const double *x, const double *w, long rows, long columns, long depth,
                         double *out) {
#if defined(__x86_64__)
  if (set != InstructionSetPortable) return avx2_double(x, w, rows, columns, depth, out);
#endif
  portable_double(x, w, rows, columns, depth, out);
}
