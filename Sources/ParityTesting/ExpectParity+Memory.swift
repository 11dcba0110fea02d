import ParityReport
import RecurrentParity

/// As `expectParity(ofFixtureAt:)`, of a case in memory.
public func expectParity(
  of parityCase: ParityCase, failOn threshold: FailureThreshold = .drift, tolerance: Tolerance? = nil,
  fileID: StaticString = #fileID, filePath: StaticString = #filePath, line: UInt = #line,
  column: UInt = #column
) {
  FailureRecorder(fileID: fileID, filePath: filePath, line: line, column: column)
    .record(.fixture(.memory(parityCase), failOn: threshold, tolerance: tolerance))
}

/// As `expectParity(withFixtureAt:of:)`, of a case in memory.
public func expectParity<Element: ParityElement>(
  with parityCase: ParityCase, reference: String? = nil, comparedWith others: [String]? = nil,
  named name: String = "implementation", failOn threshold: FailureThreshold = .drift,
  tolerance: Tolerance? = nil,
  of implementation: Implementation<Element>,
  fileID: StaticString = #fileID, filePath: StaticString = #filePath, line: UInt = #line,
  column: UInt = #column
) {
  let options = ImplementationOptions(
    source: .memory(parityCase), reference: reference, comparedWith: others, name: name)
  FailureRecorder(fileID: fileID, filePath: filePath, line: line, column: column)
    .record(.implementation(implementation, options, failOn: threshold, tolerance: tolerance))
}

/// As `requireParity(ofFixtureAt:)`, of a case in memory.
@discardableResult
public func requireParity(
  of parityCase: ParityCase, failOn threshold: FailureThreshold = .drift, tolerance: Tolerance? = nil
) throws(ParityFailure) -> Report {
  try ParityOutcome.fixture(.memory(parityCase), failOn: threshold, tolerance: tolerance).required()
}

/// As `requireParity(withFixtureAt:of:)`, of a case in memory.
@discardableResult
public func requireParity<Element: ParityElement>(
  with parityCase: ParityCase, reference: String? = nil, comparedWith others: [String]? = nil,
  named name: String = "implementation", failOn threshold: FailureThreshold = .drift,
  tolerance: Tolerance? = nil,
  of implementation: Implementation<Element>
) throws(ParityFailure) -> Report {
  let options = ImplementationOptions(
    source: .memory(parityCase), reference: reference, comparedWith: others, name: name)
  return try ParityOutcome.implementation(implementation, options, failOn: threshold, tolerance: tolerance)
    .required()
}
