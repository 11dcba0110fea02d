#include "CProductKernels.h"

#include "dispatched.h"

_Static_assert(row_tile == 8, "a tile is as high as a vector of eight");

#define TEMPLATE "row_tiles_kernel.h"
#include "instruction_sets.h"

int tile_rows(InstructionSet set, const double *x, long rows, long depth, double *values, float *magnitudes) {
  DISPATCHED(tiles, x, rows, depth, values, magnitudes)
}
