import FixtureEditing
import ReportContract
import Testing

/// A file that requires what this program does not know is not judged, and every command says so.
@Suite(.timeLimit(.minutes(2))) struct RequiredFeatureTests {
  private static let line = "the file requires clockwork, which this program does not know"

  private func file(_ scratch: Scratch) throws -> String {
    try scratch.changed(as: "later.h5") {
      try $0.setAttribute("format_version", of: "/", to: 2)
      try $0.setAttribute("requires", of: "/", to: .strings(["mask", "clockwork"]))
    }
  }

  @Test("The report is inconclusive, fails the command, and names it in its headline and its case")
  func terminal() async throws {
    let scratch = try Scratch()
    let outcome = try await ParityProcess()("report", file(scratch))
    #expect(outcome.status == 1 && outcome.errors == "")
    #expect(outcome.firstLine == "INCONCLUSIVE  1 case: 1 inconclusive")
    #expect(outcome.output.contains("\nsimplernn-tanh: not judged: \(Self.line)\n"))
    #expect(outcome.output.contains("\n  not judged: \(Self.line)\n"))
    // Nothing is said of axes that nobody read.
    #expect(!outcome.output.contains("0×0") && !outcome.output.contains("T = 0"))
  }

  @Test("The JSON report names it, and has neither axes nor references")
  func json() async throws {
    let scratch = try Scratch()
    let outcome = try await ParityProcess()("report", "--format", "json", file(scratch))
    #expect(outcome.status == 1)
    let entry = try #require(outcome.cases.first)
    #expect(entry["verdict"] == .string("inconclusive"))
    #expect(entry["unknown_features"]?.elements == [.string("clockwork")])
    #expect(entry["shape"] == nil && entry["references"]?.elements == [])
    #expect(ReportContract.violations(in: try outcome.json) == [])
  }

  @Test("So do diagnose and inspect")
  func others() async throws {
    let scratch = try Scratch()
    let diagnosis = try await ParityProcess()("diagnose", file(scratch))
    #expect(diagnosis.output.hasPrefix("simplernn-tanh · inconclusive\n"))
    #expect(diagnosis.output.contains("\n  not judged: \(Self.line)\n"))
    let inspection = try await ParityProcess()("inspect", scratch.path("later.h5"))
    #expect(inspection.output.contains("\n  not read: \(Self.line)\n"))
    #expect(!inspection.output.contains("T = 0"))
  }

  @Test("What was left of a trimmed recording is said")
  func trimmed() async throws {
    let scratch = try Scratch()
    let file = try scratch.changed(as: "trimmed.h5") {
      try $0.setAttribute("format_version", of: "/", to: 2)
      $0.groups["/references/keras/model"] = ["trimmed": #"{"sequences": 2, "steps": 10}"#]
    }
    let text = try await ParityProcess()("report", file)
    #expect(text.status == 0)
    #expect(
      text.output.contains("simplernn-tanh: keras: of every layer at most 10 steps and 2 sequences were kept")
    )
    let json = try await ParityProcess()("report", "--format", "json", file)
    let entry = try #require(json.cases.first?["trimmed"]?.elements.first)
    #expect(entry["reference"] == .string("keras") && entry["steps"] == .number(10))
    #expect(ReportContract.violations(in: try json.json) == [])
  }
}
