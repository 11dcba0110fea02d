import RecurrentParity

extension CaseReport {
  /// One text for each layer, direction and reference that fails, with what was found and how to mend it; the error of
  /// an invalid file. Text of a file is made printable.
  ///
  /// - Parameter threshold: from which verdict on something fails. What exceeds a tolerance does as well.
  /// - Returns: nothing exactly where the case reaches the threshold nowhere and exceeds no tolerance.
  public func failures(_ threshold: FailureThreshold = .drift) -> [String] {
    var entry = self
    entry.makePrintable()
    let mildest = threshold.verdict
    if let error = entry.error { return [error] }
    if let line = entry.unknownFeaturesLine {
      return mildest <= .inconclusive ? ["\(entry.case): \(line)"] : []
    }
    let failures =
      entry.references.flatMap { entry.failures(of: $0, from: mildest) }
      + entry.cross.flatMap { entry.failures(of: $0, from: mildest) } + entry.boundaryFailures(from: mildest)
    // Whatever the parts say, a case that fails has a text.
    return failures.isEmpty && entry.verdict.reaches(mildest) ? ["\(entry.case): \(entry.verdict)"] : failures
  }

  /// What lies between the layers, and what the recorder did not record.
  private func boundaryFailures(from mildest: Verdict) -> [String] {
    (boundaries ?? []).filter { $0.verdict.reaches(mildest) }.map {
      "\(self.case): \($0.boundary): \($0.verdict)" + ($0.says.map { "\n\($0)" } ?? "")
    }
      + (leftOut ?? []).filter { $0.isOpen && mildest <= .inconclusive }.map {
        "\(self.case): inconclusive\n\($0.text)"
      }
  }

  private func failures(of reference: ReferenceReport, from mildest: Verdict) -> [String] {
    reference.layers.flatMap { layer in
      let place = "\(self.case): \(reference.name), layer \(layer.layer), \(layer.direction)"
      var failures: [String] = []
      if layer.verdict.reaches(mildest) {
        failures.append(
          "\(place): \(layer.verdict)\(text(layer.firstFlagged.value))\(text(layer.findings))")
      }
      if let t = layer.freeRunning.firstAboveTolerance?.value {
        failures.append("\(place): free-running difference above the tolerance from t = \(t)")
      }
      return failures
    }
  }

  private func failures(of check: CrossReport, from mildest: Verdict) -> [String] {
    guard check.verdict.reaches(mildest) else { return [] }
    let place = "\(self.case): \(check.statesOf) states by \(check.weightsOf) weights"
    return (check.structure.map { ["\(place): \($0)"] } ?? [])
      + check.layers.filter { $0.verdict.reaches(mildest) }.map { layer in
        let parameters = check.parameterLine(layer).map { "\n\($0)" } ?? ""
        // What another failure tells in full is not told again.
        let causes = causes(layer, in: check).flatMap { $0.isEmpty ? nil : $0 }
        return "\(place), layer \(layer.layer), \(layer.direction): \(layer.verdict)"
          + text(layer.firstFlagged.value)
          + (causes.map { $0.map { "\n\($0)" }.joined() } ?? text(layer.findings)) + parameters
      }
  }

  private func text(_ element: FlaggedReport?) -> String {
    guard let element else { return "" }
    let place =
      " from t = \(element.timestep), sequence \(element.batch), unit \(element.unit) of \(element.state): "
    guard element.residual.value.isFinite, element.bound.value.isFinite else {
      return place + "no finite value to judge"
    }
    return place
      + "residual \(ParityReport.text(element.residual)), bound \(ParityReport.text(element.bound))"
  }

  /// The simplest that explains the run, else all; and how what explains it is mended.
  private func text(_ findings: [FindingReport]) -> String {
    let explaining = findings.first { $0.explains != Finding.Extent.none.rawValue }
    return (explaining.map { [$0] } ?? findings).map { finding in
      let guides = finding.kind == "mistake" ? MistakeGuide.guides(to: finding.name) : []
      let lines = guides.flatMap(\.mending)
      let isTold = lines.contains { finding.says.contains($0.text) }
      return "\n\(finding.says)"
        + (isTold ? [] : lines).map { "\n  \($0.framework): \($0.text)" }.joined()
    }.joined()
  }
}

extension String {
  /// Whether this verdict is at least as bad; what is none is worse than any.
  fileprivate func reaches(_ mildest: Verdict) -> Bool {
    Verdict(rawValue: self).map { $0 >= mildest } ?? true
  }
}
