import ParityReport
import RecurrentParity

/// Expects every reference of a fixture to match its formula, and every port in it to carry the network over.
///
/// Works in Swift Testing and in XCTest alike. Each layer, direction and reference that fails is a failure of its own,
/// with the first departing element, what was found and how to mend it; the report is attached. An invalid file is a
/// failure that names the path inside it.
///
///     @Test(arguments: ["encoder.h5", "decoder.h5"])
///     func portIsFaithful(_ fixture: String) {
///       expectParity(ofFixtureAt: fixturesFolder + fixture)
///     }
///
/// - Parameters:
///   - path: a fixture.
///   - threshold: the mildest verdict that fails, as the command's `--fail-on`.
///   - tolerance: a tolerance of your own for the free-running difference, beside the verdict; nil for none.
///   - fileID: where the failure is reported, as are the next three.
///   - filePath: as `fileID`.
///   - line: as `fileID`.
///   - column: as `fileID`.
public func expectParity(
  ofFixtureAt path: String, failOn threshold: FailureThreshold = .drift, tolerance: Tolerance? = nil,
  fileID: StaticString = #fileID, filePath: StaticString = #filePath, line: UInt = #line,
  column: UInt = #column
) {
  FailureRecorder(fileID: fileID, filePath: filePath, line: line, column: column)
    .record(.fixture(.path(path), failOn: threshold, tolerance: tolerance))
}

/// Expects an implementation of your own to compute what a reference's formula says from the reference's weights, and
/// what every reference of the fixture recorded.
///
///     @Test func gruIsThatOfPyTorch() {
///       expectParity(
///         withFixtureAt: "gru.h5", reference: "pytorch",
///         of: .pass(Float.self) { pass in
///           let gru = try MyGRU(pass.weights["weight_ih"].values, pass.weights["weight_hh"].values)
///           return .states(h: gru.run(pass.input.values))
///         })
///     }
///
/// Failures are told as by `expectParity(ofFixtureAt:)`. So is whatever the implementation throws, or returns in
/// another shape.
///
/// - Parameters:
///   - path: a fixture.
///   - reference: the reference whose weights, input and initial states the implementation is given; nil for the only
///     one.
///   - others: the references that it is compared with, beside that one; nil for all of the fixture.
///   - name: what the implementation is called in reports.
///   - threshold: the mildest verdict that fails, as the command's `--fail-on`.
///   - tolerance: a tolerance of your own for the free-running difference, beside the verdict; nil for none.
///   - implementation: what is judged.
///   - fileID: where the failure is reported, as are the next three.
///   - filePath: as `fileID`.
///   - line: as `fileID`.
///   - column: as `fileID`.
public func expectParity<Element: ParityElement>(
  withFixtureAt path: String, reference: String? = nil, comparedWith others: [String]? = nil,
  named name: String = "implementation", failOn threshold: FailureThreshold = .drift,
  tolerance: Tolerance? = nil,
  of implementation: Implementation<Element>,
  fileID: StaticString = #fileID, filePath: StaticString = #filePath, line: UInt = #line,
  column: UInt = #column
) {
  let options = ImplementationOptions(
    source: .path(path), reference: reference, comparedWith: others, name: name)
  FailureRecorder(fileID: fileID, filePath: filePath, line: line, column: column)
    .record(.implementation(implementation, options, failOn: threshold, tolerance: tolerance))
}

/// The same as `expectParity(ofFixtureAt:)` where a test ends with its first failure, or there is no test at all.
///
/// - Returns: the report.
/// - Throws: `ParityFailure` with everything that was found.
@discardableResult
public func requireParity(
  ofFixtureAt path: String, failOn threshold: FailureThreshold = .drift, tolerance: Tolerance? = nil
) throws(ParityFailure) -> Report {
  try ParityOutcome.fixture(.path(path), failOn: threshold, tolerance: tolerance).required()
}

/// The same as `expectParity(withFixtureAt:of:)` where a test ends with its first failure, or there is no test at all.
///
/// - Returns: the report.
/// - Throws: `ParityFailure` with everything that was found.
@discardableResult
public func requireParity<Element: ParityElement>(
  withFixtureAt path: String, reference: String? = nil, comparedWith others: [String]? = nil,
  named name: String = "implementation", failOn threshold: FailureThreshold = .drift,
  tolerance: Tolerance? = nil,
  of implementation: Implementation<Element>
) throws(ParityFailure) -> Report {
  let options = ImplementationOptions(
    source: .path(path), reference: reference, comparedWith: others, name: name)
  return try ParityOutcome.implementation(implementation, options, failOn: threshold, tolerance: tolerance)
    .required()
}
