import Dispatch

/// A counter on standard error, for a person who waits longer than a second.
final class Progress: @unchecked Sendable {
  private let total: Int
  private let isShown = StandardError.isTerminal
  private let start = DispatchTime.now()
  /// Guards the two below.
  private let queue = DispatchQueue(label: "progress")
  private var done = 0
  private var hasPrinted = false

  init(total: Int) { self.total = total }

  func advance() {
    guard isShown else { return }
    queue.sync {
      done += 1
      guard DispatchTime.now() > start + .seconds(1), done < total else { return }
      hasPrinted = true
      StandardError.print("\r\(done) of \(total) fixtures judged")
    }
  }

  /// Wipes the line.
  func finish() {
    queue.sync { if hasPrinted { StandardError.print("\r\u{1B}[K") } }
  }
}
