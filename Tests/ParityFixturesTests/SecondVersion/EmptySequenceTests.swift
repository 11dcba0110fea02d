import FixtureEditing
import HDF5
import Recurrent
import Testing

@testable import ParityFixtures
@testable import RecurrentParity

/// What a sequence of length 0 ends with is what it started from, or zeros where the layer says so.
@Suite struct EmptySequenceTests {
  private static let fixtures = ["stackedbirnn-ragged", "stackedbigru-ragged", "stackedbilstm-ragged"]

  /// With a fourth sequence of no valid step that starts from 0.25 and ends with `final`.
  private func judged(
    _ name: String, final: Double, _ change: (inout FixtureTree) throws -> Void = { _ in }
  ) throws -> CaseJudgement {
    var tree = try Originals.shared.tree(name)
    try tree.raiseVersion()
    let counts = try tree.validCounts()
    try tree.moveValidSteps(to: counts.map { Array(0..<$0) } + [[]], of: 12, filler: .nan, ends: final)
    try tree.remove("/mask")
    tree.datasets["/lengths"] = DatasetValue(.integers((counts + [0]).map(Int64.init)), shape: [4])
    for path in tree.datasets.keys where path.contains("/initial_state/") {
      try tree.change(path) { dataset in
        let start = 3 * dataset.shape[1]
        for index in start..<dataset.numbers.count { dataset.numbers[index] = 0.25 }
      }
    }
    let copy = try FixtureCopy(tree, changing: change)
    return try ParityCase(contentsOf: copy.path).judged()
  }

  private func declareZeros(_ tree: inout FixtureTree) throws {
    for layer in tree.layers { try tree.setAttribute("empty_final", of: layer, to: "zeros") }
  }

  @Test("The initial state is the final one, unless it is said to be zeros", arguments: fixtures)
  func honest(_ name: String) throws {
    #expect(try judged(name, final: 0.25).verdict == .match)
    #expect(try judged(name, final: 0, declareZeros).verdict == .match)
    #expect(
      try judged(name, final: 0.25) {
        for layer in $0.layers { try $0.setAttribute("empty_final", of: layer, to: "initial") }
      }.verdict == .match)
  }

  @Test("Anything else contradicts, and is named with the sequence", arguments: fixtures)
  func wrong(_ name: String) throws {
    for (final, isZero) in [(0.0, false), (0.25, true), (0.5, false), (0.5, true), (.nan, false)] {
      let judgement = try judged(name, final: final) { if isZero { try declareZeros(&$0) } }
      for reference in judgement.references {
        for pass in reference.passes {
          let isBackward = pass.pass.direction == .backward
          #expect(pass.judgement.verdict == (final.isNaN ? .invalid : .mismatch))
          let first = try #require(pass.judgement.firstFlagged)
          #expect(first.batch == 3 && first.unit == 0 && first.timestep == (isBackward ? 11 : 0))
          let finding = try #require(pass.judgement.findings.first)
          #expect(
            finding.subject == .contradiction(.emptyFinalState(.h, isZero ? .zeros : .initial))
              && finding.place.sequences == [3])
          // No step of the formula was wrong, so that none is said to be another.
          #expect(!pass.judgement.findings.contains { $0.kind == "mistake" || $0.kind == "parameter" })
        }
      }
    }
  }

  @Test("Where no state is recorded, what is returned is held against it all the same", arguments: fixtures)
  func outputs(_ name: String) throws {
    func withoutStates(_ tree: inout FixtureTree) throws {
      for pass in tree.passes {
        for state in ["h", "c"] where tree.datasets["\(pass)/\(state)"] != nil {
          try tree.remove("\(pass)/\(state)")
        }
      }
      for layer in tree.layers { try tree.remove("\(layer)/output") }
    }
    let honest = try judged(name, final: 0.25, withoutStates)
    #expect(honest.references.allSatisfy { $0.passes.allSatisfy { $0.judgement.evidence == .outputs } })
    #expect(honest.verdict < .mismatch)
    #expect(try judged(name, final: 0, withoutStates).verdict == .mismatch)
  }

  @Test("A sequence of length 0 is one of version 2")
  func firstVersion() throws {
    let error = #expect(throws: FixtureError.self) {
      try judged("stackedbirnn-ragged", final: 0.25) {
        try $0.setAttribute("format_version", of: "/", to: 1)
      }
    }
    #expect(error?.problem == "expected 1 to 12 valid steps, found 0 at [3]")
  }
}
