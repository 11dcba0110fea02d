import Foundation
import Testing

/// The forms of a report, as the command writes them.
@Suite(.timeLimit(.minutes(2))) struct FormatTests {
  private let fixture = BundledFixture.simple.path

  @Test("All forms come of one run, each in its place, also of a case that has nothing to say in one of them")
  func allAtOnce() async throws {
    let scratch = try Scratch()
    let forms = ["json", "ndjson", "junit", "markdown", "html"]
    let outcome = try await ParityProcess(folder: scratch.folder).run(
      ["report", fixture] + forms.flatMap { ["--format", $0, "--output", "r.\($0)"] } + [
        "--format", "terminal",
      ])
    #expect(outcome.status == 0 && outcome.errors == "")
    #expect(outcome.output.hasPrefix("MATCH"))
    let beginnings = ["{\n", "{\"case\"", "<?xml", "## ✅ Parity: match", "<!doctype html>"]
    for (form, beginning) in zip(forms, beginnings) {
      #expect(try scratch.text("r.\(form)").hasPrefix(beginning), "\(form)")
    }
  }

  @Test("Markdown without an --output is added to the summary of the step, where CI names one")
  func summary() async throws {
    let scratch = try Scratch()
    try scratch.write("summary", Data("before\n".utf8))
    let parity = try ParityProcess(environment: ["GITHUB_STEP_SUMMARY": scratch.path("summary")])
    let outcome = try await parity("report", fixture, "--format", "markdown", "--format", "terminal")
    #expect(outcome.status == 0 && outcome.output.hasPrefix("MATCH"))
    #expect(try scratch.text("summary").hasPrefix("before\n## ✅ Parity: match"))
    let written = try await parity("report", fixture, "--format", "markdown", "--output", scratch.path("own"))
    #expect(written.status == 0)
    #expect(try scratch.text("own").hasPrefix("## ✅"), "an --output is where it goes")
  }

  @Test("Two forms for standard output are a wrong command line")
  func twice() async throws {
    let outcome = try await ParityProcess(environment: ["GITHUB_STEP_SUMMARY": ""])(
      "report", fixture, "--format", "markdown", "--format", "terminal")
    #expect(outcome.status == 64 && outcome.errors.contains("need an --output each but one"))
  }

  @Test("JUnit fails what --fail-on fails")
  func threshold() async throws {
    let flagged = BundledFixture(name: "departures/float16-stackedbigru")
    let parity = try ParityProcess()
    let strict = try await parity("report", flagged.path, "--format", "junit")
    let lenient = try await parity("report", flagged.path, "--format", "junit", "--fail-on", "mismatch")
    #expect(strict.status == 1 && strict.output.contains("<failure "))
    #expect(lenient.status == 0 && !lenient.output.contains("<failure "))
  }

  @Test("The page of all bundled fixtures is under 500 KB")
  func size() async throws {
    let page = try await ParityProcess()("report", "--format", "html")
    #expect(page.status == 0)
    #expect(page.output.utf8.count < 500_000)
  }
}
