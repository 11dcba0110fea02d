import RecurrentParity

extension CaseReport {
  /// One text for each layer, direction and reference that fails, with what was found and how to mend it; the error of
  /// an invalid file. Text of a file is made printable.
  ///
  /// - Parameter threshold: from which verdict on something fails. What exceeds a tolerance does as well.
  /// - Returns: nothing exactly where the case reaches the threshold nowhere and exceeds no tolerance.
  public func failures(_ threshold: FailureThreshold = .drift) -> [String] {
    if let error { return [error.printable] }
    let failures = checks.filter { $0.fails(on: threshold.verdict) }.map { check in
      guard let group = check.group else { return "\(self.case.printable): \(check.text)" }
      let lines = [check.departure ?? check.verdict.rawValue] + check.says
      return "\(self.case.printable): \(group), \(check.name): \(lines.joined(separator: "\n"))"
    }
    // Whatever the parts say, a case that fails has a text.
    let isUnsaid = failures.isEmpty && Verdict(verdict) >= threshold.verdict
    return isUnsaid ? ["\(self.case.printable): \(verdict)"] : failures
  }
}
