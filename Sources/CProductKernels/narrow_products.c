#include "CProductKernels.h"

// The products of Float32 values are exact in Float64, so fusing changes nothing of the sums; of the magnitudes it
// changes roundings that their bound allows for.
#pragma STDC FP_CONTRACT ON

#define KERNEL portable
#define TARGET
#if defined(__x86_64__)
#define LANES 2
#define ROWS 2
#else
#define LANES 2
#define ROWS 4
#endif
#include "narrow_products_kernel.h"

#if defined(__x86_64__)
#define KERNEL avx2
#define TARGET __attribute__((target("avx2,fma")))
#define LANES 4
#define ROWS 4
#include "narrow_products_kernel.h"

#define KERNEL avx512
#define TARGET __attribute__((target("avx512f,avx512dq")))
#define LANES 8
#define ROWS 8
#include "narrow_products_kernel.h"
#endif

void narrow_products(InstructionSet set, const double *x, const float *magnitudes, const float *panels, long rows,
                     long units, long depth, double *sum, double *absolute) {
  switch (set) {
#if defined(__x86_64__)
    case InstructionSetAVX512: avx512(x, magnitudes, panels, rows, units, depth, sum, absolute); break;
    case InstructionSetAVX2: avx2(x, magnitudes, panels, rows, units, depth, sum, absolute); break;
#endif
    default: portable(x, magnitudes, panels, rows, units, depth, sum, absolute); break;
  }
}
