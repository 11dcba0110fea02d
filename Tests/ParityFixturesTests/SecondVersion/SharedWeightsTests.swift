import FixtureEditing
import HDF5
import Recurrent
import Testing

@testable import ParityFixtures
@testable import RecurrentParity

/// A layer may have the weights of another, which alone stores them.
@Suite struct SharedWeightsTests {
  private static let fixtures = ["birnn-tanh", "bigru", "bilstm"]

  /// The only layer twice, the second with its weights stored or as those of the first.
  private func read(
    _ name: String, isShared: Bool = true, _ change: (inout FixtureTree) throws -> Void = { _ in }
  ) throws -> ParityCase {
    var tree = try Originals.shared.tree(name)
    try tree.raiseVersion()
    for reference in tree.references {
      let (first, second) = ("\(reference)/layers/0", "\(reference)/layers/1")
      tree.datasets["\(first)/input"] = tree.datasets["/input"]
      tree.copyLayer(first, to: second)
      if isShared { try tree.shareWeights(of: second, with: 0) }
    }
    let copy = try FixtureCopy(tree, changing: change)
    return try ParityCase(contentsOf: copy.path)
  }

  @Test("Weights of another layer are as if they were stored", arguments: fixtures)
  func equal(_ name: String) throws {
    let (shared, stored) = (try read(name), try read(name, isShared: false))
    for (a, b) in zip(shared.references, stored.references) {
      #expect(a.layers.map { $0.passes.map(\.cell) } == b.layers.map { $0.passes.map(\.cell) })
    }
    #expect(shared.judged(.steps).verdict == .match)
    #expect(shared.unread.isEmpty)
  }

  @Test("Only the weights are the other's: the layer's own attributes count", arguments: fixtures)
  func ownAttributes(_ name: String) throws {
    let parityCase = try read(name) { tree in
      for reference in tree.references {
        try tree.setAttribute("activation", of: "\(reference)/layers/1", to: "softsign")
      }
    }
    for reference in parityCase.judged(.steps).references {
      #expect(
        reference.passes.map(\.judgement.verdict) == [.match, .match, .mismatch, .mismatch],
        "\(reference.reference.name)")
      #expect(reference.reference.layers[1].passes.map(\.cell.activation) == [.softsign, .softsign])
    }
  }

  @Test("A wrong weight is wrong in both layers")
  func wrong() throws {
    let judgement = try read("bigru") {
      try $0.change("/references/pytorch/layers/0/forward/weights/weight_hh", at: 3) { $0 + 1 }
    }.judged(.steps)
    let pytorch = try #require(judgement.references.first { $0.reference.name == "pytorch" })
    #expect(pytorch.passes.map(\.judgement.verdict) == [.mismatch, .match, .mismatch, .match])
  }
}
