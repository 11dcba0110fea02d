import BundledCases
import FixtureEditing
import FixtureManifest
import ParityFixtures
import RecurrentParity
import Testing

/// Nothing in a file is ignored without a word.
@Suite struct UnreadTests {
  private static let layer = "/references/pytorch/layers/0"

  private func unread(_ change: (inout FixtureTree) throws -> Void) throws -> [UnreadName] {
    let copy = try FixtureCopy(try Originals.shared.tree(FixtureChange.rich), changing: change)
    return try ParityCase(contentsOf: copy.path).unread
  }

  @Test("Every part of every bundled fixture is read", arguments: try Manifest.bundled().files)
  func bundledFixtures(_ entry: Manifest.Entry) throws {
    #expect(try entry.load().unread.isEmpty)
  }

  @Test(
    "An unknown attribute is listed in every place that has attributes",
    arguments: ["/", "/references/pytorch", layer])
  func attributes(_ place: String) throws {
    let found = try unread { try $0.setAttribute("zzz", of: place, to: "?") }
    #expect(found.map(\.path) == [place] && found.map(\.name) == ["zzz"])
    #expect(found.map(\.kind) == [.attribute] && found.map(\.suggestion) == [nil])
  }

  @Test(
    "An unknown dataset or group is listed in every place that holds some",
    arguments: [
      "", "/references/pytorch", "/references/pytorch/layers", layer, "\(layer)/forward",
      "\(layer)/forward/initial_state", "\(layer)/forward/final_state",
    ])
  func objects(_ place: String) throws {
    let asDataset = try unread { $0.datasets["\(place)/zzz"] = DatasetValue([0], shape: [1]) }
    let asGroup = try unread { $0.groups["\(place)/zzz"] = [:] }
    for found in [asDataset, asGroup] {
      #expect(found.map(\.path) == [place.isEmpty ? "/" : place] && found.map(\.name) == ["zzz"])
      #expect(found.map(\.kind) == [.object])
    }
  }

  @Test(
    "A name that is one letter or one bit away from a missing one is most likely meant to be that",
    arguments: [
      ("activation", "activatiom"), ("activation", "activaton"), ("activation", "acctivation"),
      ("merge_mode", "Merge_mode"),
    ])
  func suggestions(_ name: String, _ misspelt: String) throws {
    let found = try unread { tree in
      let value = try #require(tree.groups[Self.layer]?[name])
      try tree.setAttribute(name, of: Self.layer, to: nil)
      try tree.setAttribute(misspelt, of: Self.layer, to: value)
    }
    #expect(found.map(\.name) == [misspelt] && found.map(\.suggestion) == [name])
  }

  @Test("Of several names that are near, one flipped bit goes before one letter")
  func flippedBit() throws {
    // b is one bit from c and one letter from h.
    let copy = try FixtureCopy(try Originals.shared.tree("stackedbilstm-onnx")) { tree in
      let layer = "/references/onnxruntime/layers/0/forward"
      try tree.move("\(layer)/c", to: "\(layer)/b")
    }
    #expect(try ParityCase(contentsOf: copy.path).unread.map(\.suggestion) == ["c"])
  }

  @Test("A dataset that nothing was ever written to is told from one that holds zeros")
  func unwritten() throws {
    let path = "\(Self.layer)/forward/h"
    func unwritten(_ change: (inout FixtureTree) throws -> Void) throws -> [String] {
      let copy = try FixtureCopy(try Originals.shared.tree(FixtureChange.rich), changing: change)
      let references = try ParityCase(contentsOf: copy.path).references
      return try #require(references.first { $0.name == "pytorch" }).layers[0].passes[0].unwritten
    }
    #expect(try unwritten { _ in } == [])
    #expect(try unwritten { try $0.change(path) { $0.numbers = $0.numbers.map { _ in 0 } } } == [])
    #expect(
      try unwritten { tree in
        let shape = try #require(tree.datasets[path]).shape
        try tree.replace(path, with: .unwritten(shape: shape, chunk: shape))
      } == [path])
    // In every process in the same order.
    let weights = ["bias_hh", "bias_ih", "weight_hh", "weight_ih"].map {
      "\(Self.layer)/forward/weights/\($0)"
    }
    #expect(
      try unwritten { tree in
        for path in weights {
          let shape = try #require(tree.datasets[path]).shape
          try tree.replace(path, with: .unwritten(shape: shape, chunk: shape))
        }
      } == weights)
  }
}
