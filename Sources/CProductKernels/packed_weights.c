#include "CProductKernels.h"

#define KERNEL portable
#define TARGET
#define LANES 2
#include "packed_weights_kernel.h"

#if defined(__x86_64__)
#define KERNEL avx2
#define TARGET __attribute__((target("avx2")))
#define LANES 4
#include "packed_weights_kernel.h"

#define KERNEL avx512
#define TARGET __attribute__((target("avx512f,avx512dq")))
#define LANES 8
#include "packed_weights_kernel.h"
#endif

int pack_narrow_weights(InstructionSet set, const double *w, long units, long depth, float *panels, double *sums) {
  switch (set) {
#if defined(__x86_64__)
    case InstructionSetAVX512: return avx512(w, units, depth, panels, sums);
    case InstructionSetAVX2: return avx2(w, units, depth, panels, sums);
#endif
    default: return portable(w, units, depth, panels, sums);
  }
}
