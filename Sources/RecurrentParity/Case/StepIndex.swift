import Recurrent

/// One step of one sequence: input time t, sequence b.
package struct StepIndex: Hashable, Sendable {
  package let t: Int
  package let b: Int

  package init(t: Int, b: Int) {
    self.t = t
    self.b = b
  }

  /// Every valid step, in the order of time.
  package static func all(_ valid: ValidSteps) -> [StepIndex] {
    (0..<valid.timesteps).flatMap { t in
      (0..<valid.batch).filter { valid.contains(t, $0) }.map { StepIndex(t: t, b: $0) }
    }
  }
}
