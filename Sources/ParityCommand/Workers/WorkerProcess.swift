import Dispatch
import HDF5
import ParityReport
import RecurrentParity

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The command's side of one worker: what it was given, and how far it says it is.
final class WorkerProcess {
  /// What the worker has in hand.
  struct Assignment {
    /// The number of the request.
    let request: Int
    let start = DispatchTime.now()
    var stage = WorkerEnd.Stage.starting
    /// How much was done, as the worker last said: since its start, of which this file's steps are the last.
    var done = 0
    /// How much of that was done when the judging of this file began.
    var doneBefore = 0
    /// The renderings of the case that comes.
    var texts: [StoredText] = []
    var answers: [Answer] = []

    var stepsDone: Int { max(0, done - doneBefore) }

    /// How long it has had it.
    var seconds: Double { start.seconds }
  }

  /// An answer whose summary is still to be decoded: first the worker gets its next file.
  enum Answer {
    case told([UInt8], [StoredText])
    case refused([UInt8])

    /// Nil where that is not what it should be.
    var decoded: FileAnswer? {
      switch self {
      case .told(let summary, let texts):
        guard !summary.isEmpty else { return .told(nil, texts) }
        guard let summary = try? JSONDecoder().decode(CaseSummary.self, from: Data(summary)) else {
          return nil
        }
        return .told(summary, texts)
      case .refused(let error):
        return (try? JSONDecoder().decode(FixtureError.self, from: Data(error))).map { .refused($0) }
      }
    }
  }

  let process: ChildProcess
  var assembly = Frame.Assembly()
  var assignment: Assignment?
  /// Why an end is made of it, where it is.
  private(set) var cause: WorkerEnd.Cause?
  var hasEnded = false
  /// The first bytes of what was printed: what a runtime says at its end.
  private(set) var complaint: [UInt8] = []

  init(_ task: WorkerTask) throws(OutputError) {
    var environment = ProcessInfo.processInfo.environment
    // A crash is expected here: nobody is to wait for a backtrace, or to read one.
    environment["SWIFT_BACKTRACE"] = "enable=no"
    #if canImport(Glibc)
      environment["GLIBC_TUNABLES"] = Self.memoryKept
    #endif
    process = try ChildProcess(
      executable: SystemPath(Executable.path), arguments: [SystemPath(Worker.argument)],
      environment: environment)
    guard let setup = try? JSONEncoder().encode(task) else { return }
    try? process.input.write(Frame(kind: .task, payload: Array(setup)).bytes)
  }

  /// Gives it the files of a request. One that has died says so by its end.
  func give(_ paths: [SystemPath], request: Int) {
    assignment = Assignment(request: request)
    let payload: [UInt8] = paths.flatMap { $0.bytes + [0] }
    try? process.input.write(Frame(kind: .files, payload: payload).bytes)
  }

  #if canImport(Glibc)
    /// How the C library of a worker goes about memory: what is freed is not given back, to come anew as zeros a moment
    /// later. Without it a fifth of the time of judging goes into that. Large pages save more where they are at hand, and
    /// cost up to half a run where a virtual machine has to get them from its host first, so they are left alone. What is
    /// asked of the system comes a few megabytes at a time: threads wait for each other meanwhile.
    private static let memoryKept = [
      "arena_max=1", "mmap_threshold=\(1 << 40)", "trim_threshold=\(1 << 40)", "top_pad=\(4 << 20)",
    ].map { "glibc.malloc." + $0 }.joined(separator: ":")
  #endif

  func endBy(_ cause: WorkerEnd.Cause) {
    guard self.cause == nil else { return }
    self.cause = cause
    process.kill()
  }

  func complain(_ bytes: ArraySlice<UInt8>) { complaint += bytes.prefix(4096 - complaint.count) }
}

extension [UInt8] {
  /// The number that the first eight bytes are.
  var number: Int { prefix(8).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) } }
}
