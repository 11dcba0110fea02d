import ParityFixtures
import ParityReport
import RecurrentParity

/// What became of an expectation: what failed, in words, and the whole report.
struct ParityOutcome {
  let report: Report
  /// A text for each layer, direction and reference that fails; empty where the expectation is met.
  let failures: [String]

  private init(_ result: FileResult, failOn: FailureThreshold) {
    report = Report([result])
    let failures = report.cases.flatMap { $0.failures(failOn) }
    // What judges nothing is no match.
    self.failures =
      failures.isEmpty && report.verdict == Verdict.match.rawValue && !report.judgesSomething
      ? ["\(report.cases.first?.case ?? ""): nothing was judged"] : failures
  }

  /// Of a case as it is.
  static func fixture(_ source: CaseSource, failOn: FailureThreshold, tolerance: Tolerance?) -> ParityOutcome
  {
    do {
      let parityCase = try source.load()
      return ParityOutcome(FileResult(parityCase, JudgingOptions(tolerance: tolerance)), failOn: failOn)
    } catch {
      return ParityOutcome(.invalid(error), failOn: failOn)
    }
  }

  /// Of an implementation as a reference of its own beside those of a case.
  static func implementation<Element>(
    _ implementation: Implementation<Element>, _ options: ImplementationOptions, failOn: FailureThreshold,
    tolerance: Tolerance?
  ) -> ParityOutcome {
    do {
      var parityCase = try options.source.load()
      let given = try options.given(parityCase)
      let runs = try implementation.computed(given, parityCase, options)
      parityCase.references = try options.others(parityCase, given) + runs
      return ParityOutcome(
        FileResult(parityCase, JudgingOptions(original: given.name, tolerance: tolerance)), failOn: failOn)
    } catch let error as FixtureError {
      return ParityOutcome(.invalid(error), failOn: failOn)
    } catch {
      let found = FixtureError(file: options.source.file, path: options.name, problem: "\(error)")
      return ParityOutcome(.invalid(found), failOn: failOn)
    }
  }
}

extension FailureRecorder {
  func record(_ outcome: ParityOutcome) { record(outcome.failures, of: outcome.report) }
}

/// Where a case is.
enum CaseSource {
  case path(String)
  case memory(ParityCase)

  func load() throws(FixtureError) -> ParityCase {
    switch self {
    case .path(let path): try ParityCase(contentsOf: path)
    case .memory(let parityCase): parityCase
    }
  }

  /// What errors call it.
  var file: String {
    switch self {
    case .path(let path): path
    case .memory(let parityCase): parityCase.file
    }
  }
}

/// Which references of a case an implementation is held against.
struct ImplementationOptions {
  let source: CaseSource
  /// The reference whose weights it is given; nil for the only one.
  let reference: String?
  /// The references that it is compared with; nil for all.
  let comparedWith: [String]?
  /// What it is called in reports.
  let name: String

  func given(_ parityCase: ParityCase) throws(ImplementationError) -> Reference {
    guard parityCase.unknownFeatures.isEmpty else {
      throw ImplementationError(
        "fixture", "requires \(parityCase.unknownFeatures.joined(separator: ", ")), which is not known here")
    }
    let references = parityCase.references
    guard let reference else {
      if references.count == 1 { return references[0] }
      throw ImplementationError(
        "reference:", expected: "the name of one: \(references.map(\.name).joined(separator: ", "))",
        found: "none, and several to choose from")
    }
    return try named(reference, references, "reference:")
  }

  /// The recorded references that stay in the case.
  func others(_ parityCase: ParityCase, _ given: Reference) throws(ImplementationError) -> [Reference] {
    guard let comparedWith else { return parityCase.references }
    var others = [given]
    for name in comparedWith where name != given.name {
      others.append(try named(name, parityCase.references, "comparedWith:"))
    }
    return others
  }

  private func named(
    _ name: String, _ references: [Reference], _ place: String
  ) throws(ImplementationError) -> Reference {
    guard let found = references.first(where: { $0.name == name }) else {
      throw ImplementationError(
        place, expected: "one of \(references.map(\.name).joined(separator: ", "))", found: "\"\(name)\"")
    }
    return found
  }
}

extension Implementation {
  /// Its runs, each a reference.
  fileprivate func computed(
    _ reference: Reference, _ parityCase: ParityCase, _ options: ImplementationOptions
  ) throws(ImplementationError) -> [Reference] {
    let given = GivenReference<Element>(reference, in: parityCase)
    let runs = try self.runs(given).map { given.reference(named: options.name + $0.label, layers: $0.layers) }
    if let run = runs.first(where: { run in parityCase.references.contains { $0.name == run.name } }) {
      throw ImplementationError(
        "named:", expected: "a name that no recorded reference has", found: "\"\(run.name)\"")
    }
    return runs
  }
}

extension Report {
  fileprivate var judgesSomething: Bool {
    cases.contains { $0.references.contains { !$0.layers.isEmpty } }
  }
}
