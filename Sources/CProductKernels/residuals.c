#include "CProductKernels.h"
#include "dispatched.h"

// What is said of a run must not depend on the processor.
#pragma STDC FP_CONTRACT OFF

#define TEMPLATE "residual_kernel.h"
#include "instruction_sets.h"

int all_finite(InstructionSet set, long count, const double *x) { DISPATCHED(all_finite, count, x) }

int all_equal(InstructionSet set, long count, const double *x, const double *y) { DISPATCHED(all_equal, count, x, y) }

void residuals(InstructionSet set, long count, const double *recorded, const double *midpoint, const double *bound,
               double *residual, _Bool *judgeable, _Bool *overflow) {
  DISPATCHED(residuals, count, recorded, midpoint, bound, residual, (unsigned char *)judgeable,
             (unsigned char *)overflow)
}

void tally_residuals(InstructionSet set, long rows, long units, const double *residual, const double *bound,
                     const double *scale, const _Bool *judgeable, ResidualTally *row_tallies,
                     UnitTallies unit_tallies) {
  DISPATCHED(tally, rows, units, residual, bound, scale, (const unsigned char *)judgeable, row_tallies,
             &unit_tallies)
}
