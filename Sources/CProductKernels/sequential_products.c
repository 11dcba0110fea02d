#include "CProductKernels.h"

// A control rounds every product and every sum, as a plain loop does.
#pragma STDC FP_CONTRACT OFF

#define KERNEL portable_float
#define TARGET
#define SCALAR float
#define LANES 4
#define VECTORS 2
#define ROWS 4
#include "sequential_products_kernel.h"

#define KERNEL portable_double
#define TARGET
#define SCALAR double
#define LANES 2
#define VECTORS 2
#define ROWS 4
#include "sequential_products_kernel.h"

#if defined(__x86_64__)
#define KERNEL avx2_float
#define TARGET __attribute__((target("avx2")))
#define SCALAR float
#define LANES 8
#define VECTORS 2
#define ROWS 4
#include "sequential_products_kernel.h"

#define KERNEL avx2_double
#define TARGET __attribute__((target("avx2")))
#define SCALAR double
#define LANES 4
#define VECTORS 2
#define ROWS 4
#include "sequential_products_kernel.h"

#define KERNEL avx512_float
#define TARGET __attribute__((target("avx512f,avx512dq")))
#define SCALAR float
#define LANES 16
#define VECTORS 1
#define ROWS 8
#include "sequential_products_kernel.h"

#define KERNEL avx512_double
#define TARGET __attribute__((target("avx512f,avx512dq")))
#define SCALAR double
#define LANES 8
#define VECTORS 2
#define ROWS 8
#include "sequential_products_kernel.h"
#endif

void sequential_products_float(InstructionSet set, const float *x, const float *panels, long rows, long units,
                               long depth, float *sum) {
  switch (set) {
#if defined(__x86_64__)
    case InstructionSetAVX512: avx512_float(x, panels, rows, units, depth, sum); break;
    case InstructionSetAVX2: avx2_float(x, panels, rows, units, depth, sum); break;
#endif
    default: portable_float(x, panels, rows, units, depth, sum); break;
  }
}

void sequential_products_double(InstructionSet set, const double *x, const double *panels, long rows, long units,
                                long depth, double *sum) {
  switch (set) {
#if defined(__x86_64__)
    case InstructionSetAVX512: avx512_double(x, panels, rows, units, depth, sum); break;
    case InstructionSetAVX2: avx2_double(x, panels, rows, units, depth, sum); break;
#endif
    default: portable_double(x, panels, rows, units, depth, sum); break;
  }
}
