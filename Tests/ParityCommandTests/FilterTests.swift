import ReportContract
import Testing

@Suite(.timeLimit(.minutes(2))) struct FilterTests {
  private func cases(_ arguments: String...) async throws -> [JSONValue] {
    let outcome = try await ParityProcess().run(["report", "--format", "json"] + arguments)
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    #expect(try ReportContract.violations(in: outcome.json) == [])
    return try outcome.cases
  }

  @Test("--case keeps the cases of those names")
  func byCase() async throws {
    let both = try await cases("--case", "stackedrnn-tanh", "--case", "birnn-relu")
    #expect(both.map { $0["case"] } == [.string("birnn-relu"), .string("stackedrnn-tanh")])
  }

  @Test("--reference keeps one side, and with it no cross check")
  func byReference() async throws {
    let entry = try #require(try await cases(BundledFixture.stacked.path, "--reference", "pytorch").first)
    #expect(entry["references"]?.elements.map { $0["name"] } == [.string("pytorch")])
    #expect(entry["cross"] == .array([]))
  }

  @Test(
    "--layer keeps those layers of every reference and cross check, with the verdict they have in the whole")
  func byLayer() async throws {
    let whole = try #require(try await cases(BundledFixture.stacked.path).first)
    let part = try #require(
      try await cases(BundledFixture.stacked.path, "--layer", "1", "--layer", "2").first)
    for kind in ["references", "cross"] {
      let (whole, part) = (whole[kind]?.elements ?? [], part[kind]?.elements ?? [])
      #expect(part.count == 2 && whole.count == 2)
      for (all, some) in zip(whole, part) {
        #expect(all["layers"]?.elements.count == 3)
        #expect(some["layers"]?.elements == all["layers"]?.elements.filter { $0["layer"] != .number(0) })
      }
    }
  }

  @Test("A case that a filter leaves nothing of is left out")
  func leftOut() async throws {
    let kept = try await cases(BundledFixture.simple.path, BundledFixture.stacked.path, "--layer", "2")
    #expect(kept.map { $0["case"] } == [.string("stackedrnn-tanh")])
  }

  @Test(
    "When filters leave nothing to judge, that is no success, and standard error repeats them",
    arguments: [
      ["--case", "absent"], ["--reference", "jax"], ["--layer", "7"], ["--case", "a", "--layer", "9"],
    ])
  func nothingLeft(_ filters: [String]) async throws {
    let outcome = try await ParityProcess().run(["report", BundledFixture.simple.path] + filters)
    #expect(outcome.status == 2)
    #expect(outcome.output == "")
    #expect(outcome.errors == "parity: nothing to judge: no fixture has \(filters.joined(separator: " "))\n")
  }

  @Test("A filter hides no broken file")
  func invalidStays() async throws {
    let outcome = try await ParityProcess()(
      "report", "absent.h5", BundledFixture.simple.path, "--case", "simplernn-tanh")
    #expect(outcome.status == 2)
    #expect(outcome.output.contains("absent.h5: /: no such file or folder"))
  }
}
