import ArgumentParser

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What the processes that judge may have.
struct WorkerOptions: ParsableArguments {
  @Option(help: "How many files are judged at a time. Default: as many as there are processors.")
  var jobs: Int?

  @Option(
    help: """
      The memory that a process that judges may have, such as 800M or 4GiB. Default: 1GiB, or 4 times a file's \
      weights where that is more; 32 times, where weights are converted or compared.
      """)
  var memoryLimit: ByteSize?

  @Option(
    help: "The seconds that one file may take. Default: as many as it needs, so long as it makes progress.")
  var timeout: Double?

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs expects a number of at least 1, found \(jobs)") }
    if let memoryLimit, memoryLimit.bytes < MemoryLimit.least {
      throw ValidationError(
        "--memory-limit expects at least \(ByteSize(bytes: MemoryLimit.least)), found \(memoryLimit)")
    }
    if let timeout, !(timeout > 0 && timeout.isFinite) {
      throw ValidationError("--timeout expects a number of seconds above 0, found \(timeout)")
    }
  }

  var limits: WorkerLimits {
    WorkerLimits(
      jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount, memory: memoryLimit, timeout: timeout)
  }
}
