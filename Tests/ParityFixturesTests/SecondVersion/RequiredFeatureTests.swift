import FixtureEditing
import HDF5
import Recurrent
import Testing

@testable import ParityFixtures
@testable import RecurrentParity

/// A file names what a program has to know of to judge it.
@Suite struct RequiredFeatureTests {
  private func read(_ features: [String], _ change: (inout FixtureTree) throws -> Void = { _ in }) throws
    -> ParityCase
  {
    var tree = try Originals.shared.tree("stackedbigru")
    try tree.raiseVersion()
    try tree.setAttribute("requires", of: "/", to: .strings(features))
    let copy = try FixtureCopy(tree, changing: change)
    return try ParityCase(contentsOf: copy.path)
  }

  @Test("What the format has is known, in any order, and none at all as well")
  func known() throws {
    let all = [
      "precision", "model", "activations", "clip", "direction-options", "empty-final", "empty-sequences",
      "input-forget", "layer-axes", "mask", "other-options", "output-activation", "peepholes", "weights-of",
      "pair",
    ]
    for features in [all, all.reversed(), []] {
      let parityCase = try read(features)
      #expect(parityCase.unknownFeatures.isEmpty && parityCase.unread.isEmpty)
      #expect(parityCase.judged(.steps).verdict == .match)
    }
  }

  @Test(
    "A file with an unknown one is not judged, whatever else is in it",
    arguments: ["clockwork", "Mask", "mask ", ""])
  func unknown(_ name: String) throws {
    let parityCase = try read(["clip", name, "mask"]) {
      // Whatever it is, it may mean something else there.
      try $0.remove("/input")
      try $0.setAttribute("cell", of: "/references/keras/layers/0", to: "clockwork")
    }
    #expect(parityCase.unknownFeatures == [name])
    #expect(parityCase.references.isEmpty)
    #expect(parityCase.judged().verdict == .inconclusive)
  }
}
