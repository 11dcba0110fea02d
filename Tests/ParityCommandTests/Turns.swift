import Foundation

/// Lets as many commands run at a time as there are processors: all tests begin at once.
actor Turns {
  static let shared = Turns()

  private let count = max(2, ProcessInfo.processInfo.activeProcessorCount)
  private var taken = 0
  private var waiting: [(need: Int, turn: CheckedContinuation<Void, Never>)] = []

  /// Runs `body` when it is its turn; one that is to be alone waits until all others are done.
  func take<Value: Sendable>(
    alone: Bool = false, _ body: @Sendable () async throws -> Value
  ) async rethrows -> Value {
    let need = alone ? count : 1
    await withCheckedContinuation { turn in
      waiting.append((need, turn))
      admit()
    }
    defer {
      taken -= need
      admit()
    }
    return try await body()
  }

  private func admit() {
    while let next = waiting.first, taken + next.need <= count {
      taken += next.need
      waiting.removeFirst().turn.resume()
    }
  }
}
