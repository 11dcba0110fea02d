import FixtureEditing
import HDF5
import Recurrent
import Testing

@testable import ParityFixtures
@testable import RecurrentParity

/// A layer that records its input has axes of its own.
@Suite struct OwnAxesTests {
  private static let fixtures = ["stackedrnn-tanh", "stackedgru", "stackedlstm"]

  private func read(
    _ name: String, _ change: (inout FixtureTree) throws -> Void
  ) throws -> ParityCase {
    var tree = try Originals.shared.tree(name)
    try tree.raiseVersion()
    let copy = try FixtureCopy(tree, changing: change)
    return try ParityCase(contentsOf: copy.path)
  }

  /// Keeps the first steps and sequences of what a layer records.
  private func trim(_ tree: inout FixtureTree, _ layer: String, _ T: Int, _ B: Int) throws {
    try tree.giveOwnInput(layer)
    for path in tree.datasets.keys where path.hasPrefix(layer + "/") && !path.contains("/weights/") {
      if path.contains("/final_state/") {
        try tree.remove(path)
        continue
      }
      try tree.change(path) { dataset in
        let (old, shape) = (dataset.numbers, dataset.shape)
        let (width, sequences) = (shape[shape.count - 1], shape[shape.count - 2])
        let times = shape.count == 3 ? T : 1
        dataset.shape = shape.count == 3 ? [T, B, width] : [B, width]
        dataset.numbers = (0..<times).flatMap { (t: Int) -> ArraySlice<Double> in
          let start = t * sequences * width
          return old[start..<start + B * width]
        }
      }
    }
  }

  @Test(
    "Its steps and sequences may be others than the case's, and the layer above it has them too",
    arguments: fixtures)
  func trimmed(_ name: String) throws {
    let parityCase = try read(name) { tree in
      for reference in tree.references {
        try trim(&tree, "\(reference)/layers/1", 8, 2)
        // It reads what the trimmed layer returned.
        try trim(&tree, "\(reference)/layers/2", 8, 2)
        try tree.remove("\(reference)/layers/2/input")
      }
    }
    let judgement = parityCase.judged(.steps)
    #expect(judgement.verdict == .match)
    #expect(parityCase.unread.isEmpty)
    for reference in judgement.references {
      #expect(reference.passes.map { $0.judgement.timesteps.count } == [12, 8, 8])
      #expect(reference.reference.layers.map { $0.valid?.batch } == [nil, 2, 2])
    }
    #expect(
      judgement.cross.flatMap { $0.passes.map { $0.stepwise.timesteps.count } } == [12, 8, 8, 12, 8, 8])
  }

  @Test(
    "It inherits no lengths, and an input at all of its steps is judged at all of them",
    arguments: ["rnn", "gru", "lstm"])
  func noInheritance(_ cell: String) throws {
    let name = "stackedbi\(cell)-ragged"
    func judgement(withLengths: Bool) throws -> CaseJudgement {
      try read(name) { tree in
        for reference in tree.references {
          try tree.giveOwnInput("\(reference)/layers/1")
          if withLengths { tree.datasets["\(reference)/layers/1/lengths"] = tree.datasets["/lengths"] }
        }
      }.judged(.steps)
    }
    #expect(try judgement(withLengths: true).verdict == .match)
    for reference in try judgement(withLengths: false).references {
      #expect(reference.passes.map(\.judgement.verdict).prefix(2).allSatisfy { $0 == .match })
      #expect(reference.passes.map(\.judgement.verdict).suffix(2).allSatisfy { $0 == .mismatch })
    }
  }

  @Test(
    "Without a common input each first layer has its own, of any float type", arguments: fixtures,
    [16, 32, 64])
  func noCommonInput(_ name: String, _ bits: Int) throws {
    let parityCase = try read(name) { tree in
      try tree.giveInputToLayers()
      for reference in tree.references {
        try tree.change("\(reference)/layers/0/input") { dataset in
          // Few bits, so that the input is the same in each type.
          dataset.store(as: .float(bits: bits, bigEndian: false))
        }
      }
    }
    #expect((parityCase.input.timesteps, parityCase.input.batch) == (12, 3))
    // Rounded to float16 the input is another.
    #expect(parityCase.judged(.steps).verdict == (bits == 16 ? .mismatch : .match))
  }
}
