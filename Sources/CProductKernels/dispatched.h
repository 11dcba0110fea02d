// The kernel of an instruction set, of those that are compiled from one template as portable_…, avx2_… and avx512_….
#if defined(__x86_64__)
#define DISPATCHED(name, ...)                                     \
  switch (set) {                                                  \
    case InstructionSetAVX512: return avx512_##name(__VA_ARGS__); \
    case InstructionSetAVX2: return avx2_##name(__VA_ARGS__);     \
    default: return portable_##name(__VA_ARGS__);                 \
  }
#else
#define DISPATCHED(name, ...) return portable_##name(__VA_ARGS__);
#endif
