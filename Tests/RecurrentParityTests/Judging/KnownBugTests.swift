import BundledCases
import FixtureManifest
import Testing

@testable import RecurrentParity

@Suite struct KnownBugTests {
  @Test(
    "A fault that was reported in public is named, wherever it is flagged, by what mends it",
    arguments: try bugs())
  func named(_ bug: Manifest.Entry) throws {
    let names = try #require(bug.expect.named)
    let firsts = try Self.firstFindings(bug)
    try #require(!firsts.isEmpty)
    let isNamed = firsts.allSatisfy { first in
      guard let first, first.explains == .all else { return false }
      return names.contains { first.name.isHypothesis($0) }
    }
    #expect(isNamed, "\(firsts.map { $0?.name ?? "nothing" })")
  }

  @Test("At least thirty faults that were reported in public are bundled")
  func bundled() throws {
    #expect(Set(try Self.bugs().map(\.case)).count >= 30)
  }

  private static func bugs() throws -> [Manifest.Entry] {
    try Manifest.bundled().files.filter { $0.expect.named != nil }
  }

  /// What a reader sees first of every flagged pass of the run, or of the port by its original's weights; passes
  /// that are judged through another say nothing of their own.
  private static func firstFindings(_ bug: Manifest.Entry) throws -> [Finding?] {
    let judgement = try bug.load().judged()
    let passes =
      if let port = bug.expect.cross?.first {
        judgement.cross.filter { $0.statesOf == port.statesOf && $0.weightsOf == port.weightsOf }
          .flatMap(\.passes).filter { $0.verdict != .match }.map(\.stepwise)
      } else {
        judgement.references.flatMap(\.passes).map(\.judgement).filter { $0.verdict != .match }
      }
    return passes.map(\.findings.first).filter { $0?.kind != "not-judged" }
  }
}

extension String {
  /// Whether a finding of this name is `hypothesis`: its parts in any order, a part without a parameter with any.
  fileprivate func isHypothesis(_ hypothesis: String) -> Bool {
    let own = split(separator: "+").sorted()
    let expected = hypothesis.split(separator: "+").sorted()
    return own.count == expected.count
      && zip(own, expected).allSatisfy { $0 == $1 || !$1.contains(":") && $0.hasPrefix("\($1):") }
  }
}
