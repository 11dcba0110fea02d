import HDF5
import RecurrentParity

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How a worker came to an end with a file in hand, and what that says of the file.
struct WorkerEnd {
  enum Stage {
    case starting
    case reading(SystemPath, memoryLimit: ByteSize)
    case computing(memoryLimit: ByteSize)
  }

  /// Why the command, or the worker itself, made an end of it.
  enum Cause {
    /// Longer than the user allows.
    case timeout(Double)
    /// Nothing came from the file.
    case blocked
    /// What it wrote made no sense.
    case broken
  }

  let end: ChildProcess.End
  let cause: Cause?
  let stage: Stage
  let work: WorkerTask.Work
  /// What it printed at last.
  let complaint: [UInt8]

  /// - Parameter files: all that it had in hand.
  func error(files: [SystemPath]) -> FixtureError {
    var file = files.map(\.description).joined(separator: ", ")
    if case .reading(let path, _) = stage { file = path.description }
    return FixtureError(file: file, path: "/", problem: problem)
  }

  private var problem: String {
    switch cause {
    case .timeout(let seconds):
      return "not \(work.participle): it took longer than --timeout \(seconds) seconds"
    case .blocked: return "cannot read file: for a minute nothing came of it"
    case .broken: return "cannot read file: it is damaged, and the process that read it went wrong"
    case nil: break
    }
    if isOutOfMemory, let limit {
      return
        "not \(work.participle): it takes more memory than the limit of \(limit); --memory-limit sets another"
    }
    switch (stage, end.way) {
    case (.reading, .signal(SIGXCPU)):
      return
        "cannot read file: it is damaged, HDF5 came no further with it in \(Heartbeat.readingPatience) seconds"
    case (.computing, .signal(SIGXCPU)):
      return "not \(work.participle): no step was finished in \(Heartbeat.computingPatience) seconds"
    case (_, .signal(SIGKILL)):
      return
        "not \(work.participle): the process that had it was killed, by a person or by the system for lack of memory"
    case (.reading, .signal(let number)):
      return "cannot read file: it is damaged, HDF5 crashes on it (signal \(number))"
    case (_, .signal(let number)):
      return
        "not \(work.participle): the program crashed on it (signal \(number)), which is a fault of the program"
    case (_, .exit(let status)):
      return "not \(work.participle): the process that had it ended with status \(status)"
    }
  }

  /// Swift's runtime says so where it can; where it gets none for itself, it crashes.
  private var isOutOfMemory: Bool {
    String(decoding: complaint, as: UTF8.self).contains("failed to allocate")
      || (limit.map { end.peak > $0.bytes / 10 * 9 } ?? false)
  }

  private var limit: ByteSize? {
    switch stage {
    case .starting: nil
    case .reading(_, let limit), .computing(let limit): limit
    }
  }
}
