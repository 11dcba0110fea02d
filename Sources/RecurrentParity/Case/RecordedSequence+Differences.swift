import Recurrent

/// Where two sequences of the same axes differ, in any value of a valid step; NaN differs from everything.
extension RecordedSequence {
  /// In the order of time.
  package func stepsDiffering(from other: RecordedSequence, valid: ValidSteps) -> [StepIndex] {
    windows().flatMap { stepsDiffering(from: other, valid: valid, in: $0) }
  }

  /// Reads no further than the first window that tells.
  func differs(from other: RecordedSequence, valid: ValidSteps) -> Bool {
    windows().contains { !stepsDiffering(from: other, valid: valid, in: $0).isEmpty }
  }

  private func stepsDiffering(
    from other: RecordedSequence, valid: ValidSteps, in times: Range<Int>
  ) -> [StepIndex] {
    let (own, others) = (window(times), other.window(times))
    return times.flatMap { t in
      (0..<batch).filter { b in
        valid.contains(t, b)
          && own.range(t - times.lowerBound, b).contains { own.elements[$0] != others.elements[$0] }
      }.map { StepIndex(t: t, b: $0) }
    }
  }

  /// Whether both are stored alike and hold the same bits.
  package func isIdentical(to other: RecordedSequence) -> Bool {
    guard storage == other.storage, hasAxes(of: other) else { return false }
    return windows().allSatisfy { times in
      zip(window(times).elements, other.window(times).elements).allSatisfy { $0.bitPattern == $1.bitPattern }
    }
  }
}
