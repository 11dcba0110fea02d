import FixtureEditing
import FixtureManifest
import HDF5
import Testing

@testable import ParityFixtures
@testable import RecurrentParity

/// Every rule of the format, broken in every way, each with its exact error: the file, the full HDF5 path, what was
/// expected and what was found.
@Suite struct BadInputTests {
  @Test("An attribute that must be there is missed by name", arguments: FixtureChange.missingAttributes)
  func missingAttributes(_ change: FixtureChange) throws { try expectRefusal(of: change) }

  @Test(
    "No attribute, not even one that may be absent, is of another type",
    arguments: FixtureChange.attributeTypes)
  func attributeTypes(_ change: FixtureChange) throws { try expectRefusal(of: change) }

  @Test("An attribute holds one value", arguments: FixtureChange.attributeShapes)
  func attributeShapes(_ change: FixtureChange) throws { try expectRefusal(of: change) }

  @Test("An attribute's text is UTF-8", arguments: FixtureChange.attributeEncodings)
  func attributeEncodings(_ change: FixtureChange) throws { try expectRefusal(of: change) }

  @Test("A word that the format does not know is refused", arguments: FixtureChange.attributeWords)
  func attributeWords(_ change: FixtureChange) throws { try expectRefusal(of: change) }

  @Test("A version, a size or a bool is in its range", arguments: FixtureChange.attributeRanges)
  func attributeRanges(_ change: FixtureChange) throws { try expectRefusal(of: change) }

  @Test(
    "In the place of a group there is no dataset, no datatype, and no link that leads nowhere, in circles or out",
    arguments: FixtureChange.groupKinds)
  func groupKinds(_ change: FixtureChange) throws { try expectRefusal(of: change) }

  @Test(
    "In the place of a dataset there is no group, no view of another file, and no link that leads nowhere or out",
    arguments: FixtureChange.datasetKinds)
  func datasetKinds(_ change: FixtureChange) throws { try expectRefusal(of: change) }

  @Test("A dataset holds numbers of its type", arguments: FixtureChange.datasetTypes)
  func datasetTypes(_ change: FixtureChange) throws { try expectRefusal(of: change) }

  @Test("A dataset has its rank, and on each axis its length", arguments: FixtureChange.datasetShapes)
  func datasetShapes(_ change: FixtureChange) throws { try expectRefusal(of: change) }

  @Test("A sequence has one to T valid steps", arguments: FixtureChange.lengthRanges)
  func lengthRanges(_ change: FixtureChange) throws { try expectRefusal(of: change) }

  @Test("What a network is fed, starts from and weighs is finite", arguments: FixtureChange.notFinite)
  func notFinite(_ change: FixtureChange) throws { try expectRefusal(of: change) }

  @Test("Layers are numbered without gaps, and agree with the input", arguments: FixtureChange.layerNumbers)
  func layerNumbers(_ change: FixtureChange) throws { try expectRefusal(of: change) }

  @Test("What a layer was really fed fits the case", arguments: FixtureChange.layerInputs)
  func layerInputs(_ change: FixtureChange) throws { try expectRefusal(of: change) }

  @Test("A group that contains itself is not followed in circles", arguments: FixtureChange.recursion)
  func recursion(_ change: FixtureChange) throws { try expectRefusal(of: change) }

  @Test("A name that version 2 adds is none of version 1", arguments: FixtureChange.secondInFirst)
  func secondInFirst(_ change: FixtureChange) throws { try expectRefusal(of: change) }

  @Test("Valid steps are said once, of an input that is there", arguments: FixtureChange.validSteps)
  func validSteps(_ change: FixtureChange) throws { try expectRefusal(of: change) }

  @Test("A layer with axes of its own has them in all that it records", arguments: FixtureChange.ownAxes)
  func ownAxes(_ change: FixtureChange) throws { try expectRefusal(of: change) }

  @Test(
    "Weights of another layer are there, of such a cell, and not said twice",
    arguments: FixtureChange.sharedWeights)
  func sharedWeights(_ change: FixtureChange) throws { try expectRefusal(of: change) }

  @Test("A label that pairs a layer is no other's of its reference", arguments: FixtureChange.pairs)
  func pairs(_ change: FixtureChange) throws { try expectRefusal(of: change) }

  @Test(
    "A declared precision is not finer than what is stored, and holds it", arguments: FixtureChange.precisions
  )
  func precisions(_ change: FixtureChange) throws { try expectRefusal(of: change) }

  @Test(
    "An option is one that its cell has, an activation's parameter one that it has",
    arguments: FixtureChange.options)
  func options(_ change: FixtureChange) throws { try expectRefusal(of: change) }

  @Test("A gate of Flax is a group of a kernel and a bias", arguments: FixtureChange.flaxWeights)
  func flaxWeights(_ change: FixtureChange) throws { try expectRefusal(of: change) }

  @Test(
    "A file that declares more than the memory limit is refused before anything is allocated",
    arguments: FixtureChange.declaredSizes)
  func declaredSizes(_ change: FixtureChange) throws { try expectRefusal(of: change) }

  @Test("A chunk counts as what it takes to read it, however little of it the dataset is")
  func largeChunks() throws {
    for (path, shape, chunk) in [
      ("/input", [12, 3, 5], [64, 64, 64]),
      ("/references/pytorch/layers/0/forward/h", [12, 3, 4], [1 << 16, 1, 2]),
    ] {
      let copy = try FixtureCopy(try Originals.shared.tree(FixtureChange.rich)) {
        let numbers = $0.datasets[path]?.numbers ?? []
        try $0.replace(path, with: .growing(numbers, shape: shape, chunk: chunk))
      }
      #expect(throws: Never.self) { try ParityCase(contentsOf: copy.path) }
      let error = #expect(throws: FixtureError.self) {
        try ParityCase(contentsOf: copy.path, memoryLimit: 1 << 20)
      }
      let found = chunk.map(String.init).joined(separator: ", ")
      #expect(
        error?.description
          == "\(copy.path): \(path): expected at most 1048576 bytes of values in the file, found chunks of shape (\(found))"
      )
    }
  }

  @Test(
    "Each weight of each cell in each convention is there, in its shape, and finite",
    arguments: WeightRule.all)
  func weights(_ rule: WeightRule) throws { for change in rule.broken { try expectRefusal(of: change) } }

  @Test("A weight that nothing reads is refused in each convention", arguments: WeightRule.all)
  func unusedWeights(_ rule: WeightRule) throws {
    for change in rule.unused { try expectRefusal(of: change) }
  }

  @Test("What a layer says of itself agrees with its weights in each convention", arguments: WeightRule.all)
  func contradictions(_ rule: WeightRule) throws {
    for change in rule.contradictions { try expectRefusal(of: change) }
  }

  @Test("Several hundred cases are tried, each another")
  func tableLength() {
    let plain = [
      FixtureChange.missingAttributes, FixtureChange.attributeTypes, FixtureChange.attributeShapes,
      FixtureChange.attributeEncodings, FixtureChange.attributeWords, FixtureChange.attributeRanges,
      FixtureChange.groupKinds, FixtureChange.datasetKinds, FixtureChange.datasetTypes,
      FixtureChange.datasetShapes, FixtureChange.lengthRanges, FixtureChange.notFinite,
      FixtureChange.layerNumbers, FixtureChange.layerInputs, FixtureChange.recursion,
      FixtureChange.declaredSizes, FixtureChange.secondInFirst, FixtureChange.validSteps,
      FixtureChange.ownAxes, FixtureChange.sharedWeights, FixtureChange.precisions, FixtureChange.options,
      FixtureChange.flaxWeights, FixtureChange.pairs,
    ].flatMap { $0 }
    let weights = WeightRule.all.flatMap { $0.broken + $0.unused + $0.contradictions }
    #expect(plain.count >= 1000, "\(plain.count)")
    #expect(weights.count >= 1000, "\(weights.count)")
  }

  /// The original can be read, and the changed copy cannot, for exactly the reason given.
  private func expectRefusal(of change: FixtureChange) throws {
    let copy = try FixtureCopy(try Originals.shared.tree(change.original), changing: change.change)
    let error = #expect(throws: FixtureError.self, "\(change.name)") { try ParityCase(contentsOf: copy.path) }
    #expect(error?.description == "\(copy.path): \(change.path): \(change.problem)", "\(change.name)")
  }
}
