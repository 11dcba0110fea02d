#include "CProductKernels.h"

#include "dispatched.h"

_Static_assert(row_tile == 8, "a tile is as high as a vector of eight");

#define KERNEL portable
#define TARGET
#include "row_tiles_kernel.h"

#if defined(__x86_64__)
#define KERNEL avx2
#define TARGET __attribute__((target("avx2")))
#include "row_tiles_kernel.h"

#define KERNEL avx512
#define TARGET __attribute__((target("avx512f,avx512dq")))
#include "row_tiles_kernel.h"
#endif

int tile_rows(InstructionSet set, const double *x, long rows, long depth, double *values, float *magnitudes) {
  DISPATCHED(tiles, x, rows, depth, values, magnitudes)
}
