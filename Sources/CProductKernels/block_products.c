#include "CProductKernels.h"

// The products of Float32 values are exact in Float64, so fusing changes nothing but the speed.
#pragma STDC FP_CONTRACT ON

#define KERNEL portable
#define TARGET
#define LANES 2
#define VECTORS 2
#define ROWS 2
#include "block_products_kernel.h"

#if defined(__x86_64__)
#define KERNEL avx2
#define TARGET __attribute__((target("avx2,fma")))
#define LANES 4
#define VECTORS 2
#define ROWS 2
#include "block_products_kernel.h"

#define KERNEL avx512
#define TARGET __attribute__((target("avx512f,avx512dq")))
#define LANES 8
#define VECTORS 2
#define ROWS 6
#include "block_products_kernel.h"
#endif

void block_products(InstructionSet set, const double *x, const double *panels, long rows, long units, long depth,
                    double *sum, double *absolute) {
  switch (set) {
#if defined(__x86_64__)
    case InstructionSetAVX512: avx512(x, panels, rows, units, depth, sum, absolute); break;
    case InstructionSetAVX2: avx2(x, panels, rows, units, depth, sum, absolute); break;
#endif
    default: portable(x, panels, rows, units, depth, sum, absolute); break;
  }
}
