/// One step of one sequence: input time t, sequence b.
package struct StepIndex: Hashable, Sendable {
  package let t: Int
  package let b: Int

  package init(t: Int, b: Int) {
    self.t = t
    self.b = b
  }

  /// Every valid step, in the order of time.
  ///
  /// - Parameter lengths: valid steps of each sequence.
  package static func all(lengths: [Int], timesteps: Int) -> [StepIndex] {
    (0..<timesteps).flatMap { t in
      lengths.indices.filter { t < lengths[$0] }.map { StepIndex(t: t, b: $0) }
    }
  }
}
