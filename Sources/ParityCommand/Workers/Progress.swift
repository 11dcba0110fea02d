import Dispatch
import HDF5
import ParityReport

/// A line on standard error, for a person who waits longer than a second.
struct Progress {
  private static let patience = 1.0

  private let total: Int
  /// What becomes of files: "judged".
  private let participle: String
  private let isShown = StandardError.isTerminal
  private let start = DispatchTime.now()
  private var shown = ""

  init(total: Int, participle: String) {
    self.total = total
    self.participle = participle
  }

  /// - Parameter inHand: what the workers are at.
  mutating func show(_ done: Int, _ inHand: [(files: [SystemPath], WorkerProcess.Assignment)]) {
    guard isShown, start.seconds > Self.patience else { return }
    var line = "\(done) of \(total) files \(participle)"
    if let (files, assignment) = inHand.max(by: { $0.1.seconds < $1.1.seconds }),
      assignment.seconds > Self.patience
    {
      line += "; " + text(files, assignment)
    }
    guard line != shown else { return }
    shown = line
    StandardError.print("\r\(line)\u{1B}[K")
  }

  /// Wipes the line.
  mutating func finish() {
    if !shown.isEmpty { StandardError.print("\r\u{1B}[K") }
    shown = ""
  }

  /// "big.h5: 1200000 steps"
  private func text(_ files: [SystemPath], _ assignment: WorkerProcess.Assignment) -> String {
    var name = (files.first?.description ?? "").split(separator: "/").last.map(String.init) ?? ""
    if case .reading(let path, _) = assignment.stage {
      name = path.description.split(separator: "/").last.map(String.init) ?? ""
    }
    let short = name.printable.count > 40 ? String(name.printable.prefix(39)) + "…" : name.printable
    switch assignment.stage {
    case .starting: return short
    case .reading: return "\(short): reading"
    case .computing: return "\(short): \(assignment.stepsDone) steps \(participle)"
    }
  }
}

extension DispatchTime {
  /// Since then.
  var seconds: Double { Double(DispatchTime.now().uptimeNanoseconds - uptimeNanoseconds) / 1e9 }
}
