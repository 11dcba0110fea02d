import Dispatch

/// How much has been done: steps judged, values read. It tells work that goes on from work that does not.
///
/// Sendable, though unchecked: the count is only touched in the queue.
package final class WorkCounter: @unchecked Sendable {
  private let queue = DispatchQueue(label: "counter")
  private var done = 0

  package init() {}

  package var count: Int { queue.sync { done } }

  package func advance(by amount: Int = 1) { queue.sync { done += amount } }
}
