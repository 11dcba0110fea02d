// The functions of TEMPLATE once for every instruction set, without fused multiply-add: as portable_…, avx2_… and avx512_….
#define KERNEL portable
#define TARGET
#include TEMPLATE

#if defined(__x86_64__)
#define KERNEL avx2
#define TARGET __attribute__((target("avx2")))
#include TEMPLATE

#define KERNEL avx512
#define TARGET __attribute__((target("avx512f,avx512dq")))
#include TEMPLATE
#endif

#undef TEMPLATE
