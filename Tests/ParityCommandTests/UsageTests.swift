import Foundation
import Testing

@Suite(.timeLimit(.minutes(2))) struct UsageTests {
  @Test(
    "A wrong command line is status 64, says what is wrong on standard error, and judges nothing",
    arguments: [
      (["report", "--bogus"], "--bogus"), (["reprot"], "reprot"),
      (["report", "--format", "xml"], "xml"), (["report", "--format"], "--format"),
      (["report", "--fail-on", "match"], "match"), (["report", "--fail-on", "sometimes"], "sometimes"),
      (["report", "--atol", "-1"], "--atol expects a number of at least 0, found -1"),
      (["report", "--atol=-1"], "--atol expects a number of at least 0, found -1"),
      (["report", "--atol", "nan"], "--atol expects a number of at least 0, found nan"),
      (["report", "--atol", "inf"], "--atol expects a number of at least 0, found inf"),
      (["report", "--atol", "little"], "little"), (["report", "--rtol", "-1e-9"], "--rtol expects"),
      (["report", "--rtol", "nan"], "--rtol expects"), (["report", "--layer", "-1"], "--layer expects"),
      (["report", "--layer", "first"], "first"),
      (["report", "--format", "json", "--format", "terminal"], "--format need an --output each"),
      (["report", "--output", "a", "--output", "b"], "2 times --output, but only 1 --format"),
      (["report", "--format", "json", "--output", "a", "--output", "b"], "2 times --output"),
      (
        ["report", "--format", "json", "--output", "a", "--format", "terminal", "--output", "a"],
        "same --output"
      ),
      (
        ["report", "--format", "json", "--output", "a", "--format", "terminal", "--output", "./a"],
        "same --output"
      ),
    ])
  func usage(_ arguments: [String], _ complaint: String) async throws {
    let scratch = try Scratch()
    let outcome = try await ParityProcess(folder: scratch.folder).run(arguments)
    #expect(outcome.status == 64)
    #expect(outcome.output == "")
    #expect(outcome.errors.contains(complaint))
    #expect(try scratch.names().filter { !["out", "err"].contains($0) } == [])
  }

  @Test("A tolerance of nothing fails the command without touching the verdict, and says so")
  func zeroTolerance() async throws {
    let parity = try ParityProcess()
    for option in ["--atol", "--rtol"] {
      let outcome = try await parity("report", BundledFixture.simple.path, option, "0")
      #expect(outcome.status == 1)
      #expect(outcome.output.hasPrefix("MATCH  1 case: 1 match\n1 of them above the given tolerance"))
      #expect(outcome.output.contains("layer 0, forward: drift is above the given tolerance from t = "))
      #expect(outcome.errors == "")
    }
    let outcome = try await parity("report", "--format", "json", BundledFixture.simple.path, "--atol", "0")
    #expect(outcome.status == 1)
    #expect(try outcome.json["verdict"] == .string("match"))
  }

  @Test(
    "A tolerance that is kept changes nothing",
    arguments: [["--atol", "1e-5"], ["--atol", "1e-6", "--rtol", "1e-3"]])
  func keptTolerance(_ options: [String]) async throws {
    let outcome = try await ParityProcess().run(["report", BundledFixture.simple.path] + options)
    let plain = try await ParityProcess()("report", BundledFixture.simple.path)
    #expect(outcome.status == 0)
    #expect(outcome.output == plain.output)
  }

  @Test("A tolerance excuses no mismatch")
  func generousTolerance() async throws {
    let outcome = try await ParityProcess()("report", BundledFixture.departures, "--atol", "1e9")
    #expect(outcome.status == 1)
  }

  @Test(
    "--fail-on says which verdicts fail the command",
    arguments: [
      ("bfloat16-stackedbirnn", "drift", 1), ("bfloat16-stackedbirnn", "mismatch", 0),
      ("port-bias-hh-dropped", "drift", 1), ("port-bias-hh-dropped", "mismatch", 1),
    ])
  func failOn(_ departure: String, _ threshold: String, _ status: Int32) async throws {
    let path = "\(BundledFixture.departures)/\(departure).h5"
    #expect(try await ParityProcess()("report", path, "--fail-on", threshold).status == status)
    if threshold == "drift" { #expect(try await ParityProcess()("report", path).status == status) }
  }

  @Test("--fail-on excuses no invalid input")
  func failOnInvalid() async throws {
    #expect(try await ParityProcess()("report", "absent.h5", "--fail-on", "mismatch").status == 2)
  }
}
