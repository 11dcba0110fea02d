#include "CProductKernels.h"
#include "dispatched.h"

// What is said of a run must not depend on the processor.
#pragma STDC FP_CONTRACT OFF

#define TEMPLATE "interval_kernel.h"
#include "instruction_sets.h"

void interval_product(InstructionSet set, Roundings u, long count, const double *a, const double *ra, const double *sa,
                      const double *b, const double *rb, const double *sb, double *m, double *r, double *s) {
  DISPATCHED(product, u, count, a, ra, sa, b, rb, sb, m, r, s)
}

void interval_addition(InstructionSet set, Roundings u, long count, const double *a, const double *ra,
                       const double *sa, const double *b, const double *rb, const double *sb, double *m, double *r,
                       double *s) {
  DISPATCHED(addition, u, count, a, ra, sa, b, rb, sb, m, r, s)
}

void interval_blend(InstructionSet set, Roundings u, int keeps, long count, const double *z, const double *rz,
                    const double *sz, const double *n, const double *rn, const double *sn, const double *h,
                    const double *rh, const double *sh, double *m, double *r, double *s) {
  DISPATCHED(blend, u, keeps, count, z, rz, sz, n, rn, sn, h, rh, sh, m, r, s)
}

void interval_tanh(InstructionSet set, Roundings u, long count, const double *m, const double *r, const double *s,
                   double *midpoint, double *radius, double *scale) {
  DISPATCHED(apply_tanh, u, count, m, r, s, midpoint, radius, scale)
}

void interval_sigmoid(InstructionSet set, Roundings u, long count, const double *m, const double *r, const double *s,
                      double *midpoint, double *radius, double *scale) {
  DISPATCHED(apply_sigmoid, u, count, m, r, s, midpoint, radius, scale)
}

void interval_begin_sum(InstructionSet set, long count, double relative, double excess, double lost, double *absolute,
                        double *radius) {
  DISPATCHED(begun, count, relative, excess, lost, absolute, radius)
}

void interval_continue_sum(InstructionSet set, long count, double relative, double excess, double lost,
                           const double *sum, const double *size, double *midpoint, double *absolute,
                           double *radius) {
  DISPATCHED(continued, count, relative, excess, lost, sum, size, midpoint, absolute, radius)
}

void interval_finish_sum(InstructionSet set, SumRoundings u, long rows, long units, const double *row_underflows,
                  const double *unit_underflows, const double *bias, const double *second, const double *bias_size,
                  const double *bias_radius, const double *absolute, double *midpoint, double *radius, double *scale) {
  DISPATCHED(finished, u, rows, units, row_underflows, unit_underflows, bias, second, bias_size, bias_radius, absolute,
             midpoint, radius, scale)
}

int interval_shortening(InstructionSet set, int truncates, long long dropped, double least, double most, long count,
                        const double *m, const double *r, double *midpoint, double *radius) {
  DISPATCHED(shortening, truncates, dropped, least, most, count, m, r, midpoint, radius)
}
