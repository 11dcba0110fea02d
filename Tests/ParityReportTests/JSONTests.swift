import Foundation
import ReportContract
import Testing

@testable import ParityReport

@Suite struct JSONTests {
  @Test("The JSON report has every field of the contract, under its name and of its kind")
  func contract() throws {
    #expect(try ReportContract.violations(in: JSONValue(Report.complete.json())) == [])
  }

  @Test("The report of no case at all keeps the contract")
  func empty() throws {
    #expect(try ReportContract.violations(in: JSONValue(Report.of("match").json())) == [])
  }

  @Test("The contract check notices every field that goes missing")
  func contractCanFail() throws {
    let report = try JSONValue(Report.complete.json())
    // What the contract does not ask for: added by this program, or there only sometimes.
    let optional = ["shape", "formula", "structure", "error", "column"]
    let paths = report.memberPaths.filter { path in
      !path.split(separator: ".").contains { optional.contains(String($0)) }
        && !path.hasSuffix("free_running.first_above_tolerance")
        && !(path.contains("findings") && (path.contains("parameter") || path.hasSuffix("max_bound_ratio")))
    }
    try #require(paths.count > 200)
    for path in paths {
      let damaged = try #require(report.replacing(path, by: nil))
      #expect(
        ReportContract.violations(in: damaged).contains { $0.contains("\(path) is missing") }, "\(path)")
    }
  }

  @Test("The contract check notices contradictions between the parts of a report")
  func contradictions() throws {
    let report = try JSONValue(Report.complete.json())
    let step = ".cases[1].references[0].layers[0].timesteps[0].t"
    let damages: [(String, JSONValue)] = [
      (".verdict", .string("match")), (".cases[2].verdict", .string("match")),
      (".cases[0].error", .string("x")), (step, .number(7)), (".format_version", .number(2)),
      (".cases[1].references[0].layers[0].first_flagged", .null),
      (".cases[1].references[0].layers[0].first_flagged.timestep", .number(0)),
      (".cases[0].references[0].layers[0].stepwise.max_residual", .string("0.1")),
      (".cases[0].references[0].layers[0].free_running.max_ulp", .number(0.5)),
      (".cases[0].references[0].layers[0].direction", .string("sideways")),
    ]
    for (path, value) in damages {
      // `error` is not there to be replaced.
      let damaged =
        path.hasSuffix("error")
        ? try JSONValue(
          Report.of("match", .judgedWithError("x")).json()) : try #require(report.replacing(path, by: value))
      #expect(ReportContract.violations(in: damaged) != [], "\(path)")
    }
  }

  @Test(
    "A number that is not finite is null, wherever it stands",
    arguments: [Double.nan, .infinity, -.infinity, .signalingNaN])
  func notFinite(_ value: Double) throws {
    let number = Number(value)
    var layer = LayerReport.with(
      steps: "!", verdict: "invalid", first: .at(0, residual: value, bound: value))
    layer.stepwise = StepwiseReport(
      maxResidual: number, maxBoundRatio: number, effectiveRoundoffRms: number, maxEffectiveRoundoff: number,
      effectivePrecisionBits: number)
    layer.freeRunning = FreeRunningReport(
      maxAbs: number, maxUlp: Nullable(nil), referenceToExact: number, swiftToExact: number)
    layer.timesteps = [
      TimestepReport(
        timestep: 0, verdict: "invalid", maxResidual: number, maxBoundRatio: number,
        effectiveRoundoffRms: number,
        freeRunningMaxAbs: number)
    ]
    var finding = DiagnosisReport.tf32
    finding.maxBoundRatio = number
    layer.diagnosis = Nullable([finding])
    let report = Report.of(
      "invalid", .judged("x", "invalid", references: [.pytorch("invalid", layer)]))

    let json = try JSONValue(report.json())
    #expect(ReportContract.violations(in: json) == [])
    let written = try #require(
      json["cases"]?.elements.first?["references"]?.elements.first?["layers"]?.elements.first)
    for part in ["stepwise", "free_running"] {
      #expect(written[part]?.members.values.allSatisfy { $0 == .null } == true, "\(part)")
    }
    #expect(written["first_flagged"]?["residual"] == .null)
    #expect(written["first_flagged"]?["bound"] == .null)
    #expect(written["diagnosis"]?.elements.first?["max_bound_ratio"] == .null)
    let step = try #require(written["timesteps"]?.elements.first)
    #expect(step.members.filter { $0.value != .null }.keys.sorted() == ["t", "verdict"])
  }

  @Test("`error` is written for an invalid file and for no other")
  func error() throws {
    let cases = try JSONValue(Report.complete.json())["cases"]?.elements ?? []
    #expect(cases.map { $0["error"] != nil } == [false, false, false, true])
    #expect(cases.last?["references"] == .array([]))
  }

  @Test("The same report is the same text, with its keys in order")
  func stable() throws {
    let text = try Report.complete.json()
    for _ in 0..<20 { #expect(try Report.complete.json() == text) }
    #expect(text.hasSuffix("}\n"))
    let topLevel = text.split(separator: "\n").filter { $0.hasPrefix("  \"") }.map { $0.prefix { $0 != ":" } }
    #expect(topLevel == topLevel.sorted() && topLevel.count == 4)
  }

  @Test("A number that was null is read back as no number")
  func nullIsNaN() throws {
    let numbers = try JSONDecoder().decode([Number].self, from: Data("[null, 0.5]".utf8))
    #expect(numbers[0].value.isNaN)
    #expect(numbers[1].value == 0.5)
  }

  @Test("Names of any characters survive")
  func characters() throws {
    let name = "Größe \"α\"/\\\n\t🙂"
    let report = Report.of("invalid", .invalid(name, name))
    #expect(try JSONValue(report.json())["cases"]?.elements.first?["case"] == .string(name))
  }
}

extension CaseReport {
  fileprivate static func judgedWithError(_ error: String) -> CaseReport {
    var entry = CaseReport.judged("x", "match", references: [.pytorch("match", .with(steps: "··"))])
    entry.error = error
    return entry
  }
}

extension JSONValue {
  fileprivate var members: [String: JSONValue] {
    guard case .object(let members) = self else { return [:] }
    return members
  }
}
