#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What the operating system lets this process have.
enum ResourceLimits {
  /// Memory that is written to, in bytes: libraries and what is only reserved do not count. Linux refuses more;
  /// macOS takes the limit and does not enforce it.
  static func limitMemory(to bytes: Int) { setSoft(memory, to: rlim_t(bytes)) }

  /// Ends this process by SIGXCPU once its processors' time reaches so many seconds.
  static func limitProcessorTime(to seconds: Int) { setSoft(processorTime, to: rlim_t(seconds)) }

  /// What crashes leaves nothing behind.
  static func leaveNoCore() { setSoft(core, to: 0) }

  /// The hard limit stays: the soft one can be raised again.
  private static func setSoft(_ resource: Resource, to value: rlim_t) {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return }
    limit.rlim_cur = min(value, limit.rlim_max)
    _ = setrlimit(resource, &limit)
  }
}

#if canImport(Glibc)
  private typealias Resource = __rlimit_resource_t
  private let memory = Resource(RLIMIT_DATA.rawValue)
  private let processorTime = Resource(RLIMIT_CPU.rawValue)
  private let core = Resource(RLIMIT_CORE.rawValue)
#else
  private typealias Resource = Int32
  private let memory = RLIMIT_DATA
  private let processorTime = RLIMIT_CPU
  private let core = RLIMIT_CORE
#endif

/// The time that processors gave this process, in seconds.
func processorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
