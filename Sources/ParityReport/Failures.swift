import RecurrentParity

extension CaseReport {
  /// One text for each layer, direction and reference that is flagged, with what was found and how to mend it; the
  /// error of an invalid file. Empty for a match. Text of a file is made printable.
  public var failures: [String] {
    if let error { return [error.printable] }
    return checks.filter { $0.fails(on: .inconclusive) }.map { check in
      let place = ([self.case.printable] + [check.group].compactMap { $0 }).joined(separator: ": ")
      let text = check.text.isEmpty ? "" : "\n\(check.text)"
      return "\(place), \(check.name): \(check.verdict.rawValue)\(text)"
    }
  }
}
