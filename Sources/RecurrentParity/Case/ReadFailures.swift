import Dispatch

/// What went wrong while the sequences of a case were read, long after the case itself was.
///
/// Sendable, though unchecked: the failure is only touched in the queue.
public final class ReadFailures: @unchecked Sendable {
  private let queue = DispatchQueue(label: "read failures")
  private var worst: FixtureError?
  /// Those of the cases that were joined.
  private let parts: [ReadFailures]

  /// - Parameter parts: what goes wrong in these goes wrong here too.
  package init(_ parts: [ReadFailures] = []) { self.parts = parts }

  /// Of several failures the one whose path comes first is kept, whatever was read first.
  package func add(_ error: FixtureError) {
    queue.sync { if worst.map({ error.path < $0.path }) ?? true { worst = error } }
  }

  /// Nil where all that was asked for could be read.
  public var first: FixtureError? { queue.sync { worst } ?? parts.lazy.compactMap(\.first).first }
}
