import FixtureEditing
import HDF5
import Recurrent
import Testing

@testable import ParityFixtures
@testable import RecurrentParity

/// Over a step that is not valid the state is carried: such a step is as if it were not there, whatever is recorded.
@Suite struct MaskTests {
  /// Where the n valid steps of sequence b go, of 24.
  enum Padding: String, CaseIterable, Sendable {
    case left, right, gaps

    func positions(_ n: Int, _ b: Int) -> [Int] {
      switch self {
      case .left: Array(24 - n..<24)
      case .right: Array(0..<n)
      case .gaps: (0..<n).map { b + $0 + ($0 + b) / 2 }
      }
    }
  }

  static let fixtures =
    ["rnn", "gru", "lstm"].flatMap { cell in
      ["simple\(cell)-ragged", "backward\(cell)-ragged", "stackedbi\(cell)-ragged", "stackedbi\(cell)-sum"]
    } + ["stackedbilstm-projection-ragged", "stackedbigru-no-h0"]

  private func judged(
    _ name: String, _ padding: Padding, filler: Double, emptySequences: Int = 0,
    _ change: (inout FixtureTree) throws -> Void = { _ in }
  ) throws -> CaseJudgement {
    var tree = try Originals.shared.tree(name)
    try tree.raiseVersion()
    let counts = try tree.validCounts()
    let empty = [[Int]](repeating: [], count: emptySequences)
    try tree.moveValidSteps(
      to: counts.enumerated().map { padding.positions($1, $0) } + empty, of: 24, filler: filler,
      ends: name.hasSuffix("no-h0") ? 0 : 0.25)
    let copy = try FixtureCopy(tree, changing: change)
    let parityCase = try ParityCase(contentsOf: copy.path)
    #expect(parityCase.unread.isEmpty)
    return parityCase.judged(.steps)
  }

  /// Figures that do not tell one timestep from another.
  private func figures(_ judgement: CaseJudgement) -> [[Double]] {
    (judgement.references.flatMap { $0.passes.map(\.judgement) }
      + judgement.cross.flatMap { $0.passes.map(\.stepwise) }).map {
        [$0.figures.maxResidual, $0.figures.maxBoundRatio, $0.figures.maxEffectiveRoundoff]
      }
  }

  private func original(_ name: String) throws -> CaseJudgement {
    let copy = try FixtureCopy(try Originals.shared.tree(name)) { _ in }
    return try ParityCase(contentsOf: copy.path).judged(.steps)
  }

  @Test(
    "Valid steps apart from each other are judged as if they were together, in every cell and direction",
    arguments: fixtures, Padding.allCases)
  func paddings(_ name: String, _ padding: Padding) throws {
    let judgement = try judged(name, padding, filler: .nan)
    #expect(judgement.verdict == .match)
    #expect(try figures(judgement) == figures(original(name)))
  }

  @Test("What stands at steps that are not valid does not count", arguments: [0.0, 1e3, -Double.infinity])
  func fillers(_ filler: Double) throws {
    for name in ["stackedbirnn-ragged", "stackedbigru-ragged", "stackedbilstm-ragged"] {
      let judgement = try judged(name, .gaps, filler: filler)
      #expect(judgement.verdict == .match)
      #expect(try figures(judgement) == figures(original(name)))
    }
  }

  @Test("A sequence without any valid step changes nothing", arguments: fixtures)
  func emptySequences(_ name: String) throws {
    let judgement = try judged(name, .gaps, filler: .nan, emptySequences: 2)
    #expect(judgement.verdict == .match)
    #expect(try figures(judgement) == figures(original(name)))
  }

  @Test("A mask in the layers counts as one of the whole", arguments: fixtures)
  func layerMasks(_ name: String) throws {
    let judgement = try judged(name, .gaps, filler: .nan) { try $0.giveMaskToLayers() }
    #expect(judgement.verdict == .match)
    #expect(try figures(judgement) == figures(original(name)))
  }

  @Test("A mask of the first steps is the same as lengths", arguments: fixtures)
  func lengths(_ name: String) throws {
    let masked = try judged(name, .right, filler: .nan).parityCase
    let original = try original(name).parityCase
    #expect(masked.valid.counts == original.valid.counts && masked.valid.lengths == original.valid.lengths)
  }

  @Test("A mask that is wrong at one step is seen, whichever way", arguments: ["rnn", "gru", "lstm"])
  func wrongMask(_ cell: String) throws {
    let name = "stackedbi\(cell)-ragged"
    // Sequence 1 has all its 12 steps: at 6 + 3 in the middle there is one, and at 6 + 4 there is none.
    let positions = Padding.gaps.positions(12, 1)
    let middle = positions[5]
    let gap = try #require((middle...).first { !positions.contains($0) })
    for (t, isValid) in [(middle, false), (gap, true)] {
      let judgement = try judged(name, .gaps, filler: 0.5) {
        try $0.change("/mask", at: t * 3 + 1) { _ in isValid ? 1 : 0 }
      }
      for reference in judgement.references {
        for pass in reference.passes {
          let flagged = pass.judgement.timesteps.filter { $0.verdict != .match }.map(\.timestep)
          #expect(pass.judgement.verdict == .mismatch)
          // The step that reads another past than it had, and the one that should not be there with the one after it.
          let isForward = pass.pass.direction == .forward
          let next = isForward ? positions.first { $0 > t } : positions.last { $0 < t }
          #expect(flagged == (isValid ? [t, next] : [next]).compactMap { $0 }.sorted())
        }
      }
    }
  }

  @Test("Without a valid step in any sequence nothing is decided")
  func nothingValid() throws {
    let judgement = try judged("stackedbigru-ragged", .gaps, filler: 0.5) {
      try $0.change("/mask") { $0.numbers = $0.numbers.map { _ in 0 } }
      for pass in $0.passes { try $0.remove("\(pass)/final_state") }
    }
    #expect(judgement.verdict == .inconclusive)
  }
}

extension JudgingOptions {
  /// The verdicts, and nothing that explains them.
  static let steps = JudgingOptions(diagnoses: false, runsFreely: false)
}
