import ReportContract
import Testing

/// What lies between the layers, as a report shows it.
@Suite(.timeLimit(.minutes(2))) struct BoundaryTests {
  private let path = BundledFixture.departures + "/port-norm-forgotten.h5"

  @Test("The headline names the first boundary that differs, and the table shows all")
  func terminal() async throws {
    let outcome = try await ParityProcess()("report", path)
    #expect(outcome.status == 1 && outcome.firstLine == "DIFFERS  1 case: 1 differs")
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
    let headline = lines.dropFirst().prefix { !$0.isEmpty }.joined(separator: " ")
    #expect(headline.hasPrefix("port-norm-forgotten: between layer lower and upper: "))
    #expect(!headline.contains("output"))
    #expect(outcome.output.contains("\n  keras and pytorch between their layers · differs\n"))
    let rows = lines.map { $0.split(separator: " ").prefix(2).joined(separator: " ") }
    for row in ["inputs/tokens match", "layers/0/input match", "layers/1/input differs"] {
      #expect(rows.contains(row), "\(row)")
    }
    #expect(rows.contains { $0.hasPrefix("outputs/output ") })
  }

  @Test("The JSON report has every boundary, and of what differs the first as a finding")
  func json() async throws {
    let outcome = try await ParityProcess()("report", "--format", "json", path)
    #expect(ReportContract.violations(in: try outcome.json) == [])
    let entry = try #require(outcome.cases.first)
    let boundaries = try #require(entry["boundaries"]?.elements)
    #expect(
      boundaries.compactMap { $0["boundary"]?.string }
        == ["inputs/tokens", "layers/0/input", "layers/1/input", "outputs/output"])
    #expect(boundaries[2]["verdict"] == .string("differs") && boundaries[2]["says"] != nil)
    #expect(try #require(boundaries[2]["ratio"]?.number) > 100)
    let findings = try #require(entry["findings"]?.elements)
    #expect(findings.map { $0["boundary"]?["boundary"] } == [.string("layers/1/input")])
  }

  @Test("A layer without a formula has no figures, no place where it departs, and its option once")
  func options() async throws {
    let file = BundledFixture.departures + "/activation-without-formula.h5"
    let outcome = try await ParityProcess()("report", file)
    #expect(outcome.firstLine == "INCONCLUSIVE  1 case: 1 inconclusive")
    #expect(!outcome.output.contains("no finite value") && !outcome.output.contains("from t = "))
    let rows = outcome.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    for direction in ["forward", "backward"] {
      #expect(rows.contains("0 \(direction) lstm inconclusive – – – – – – –"))
    }
    let note = "layer 0 (lstm), both directions: it declares forward g ScaledTanh(0.8, 1.1)"
    #expect(rows.count { $0.hasPrefix(note) } == 1)
  }
}
