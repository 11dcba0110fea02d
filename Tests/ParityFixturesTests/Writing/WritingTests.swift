import BundledCases
import FixtureEditing
import FixtureManifest
import Foundation
import HDF5
import ParityReport
import RandomNetworks
import Recurrent
import Testing

@testable import ParityFixtures
@testable import RecurrentParity

/// A file is written as a whole or not at all, and what has no place in it is refused by name.
@Suite struct WritingTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func read(
    _ name: String, _ change: (inout FixtureTree) throws -> Void
  ) throws -> ParityCase {
    var tree = try Originals.shared.tree(name)
    try tree.raiseVersion()
    try change(&tree)
    let path = folder.path("original.h5")
    try tree.write(to: path)
    return try ParityCase(contentsOf: path)
  }

  /// Writes the case, and reads it again.
  private func copy(_ parityCase: ParityCase) throws -> ParityCase {
    let path = folder.path("copy.h5")
    try parityCase.write(to: path)
    return try ParityCase(contentsOf: path)
  }

  private func expectRefusal(
    _ parityCase: ParityCase, _ problem: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let path = folder.path("copy.h5")
    try Data("as it was".utf8).write(to: URL(fileURLWithPath: path))
    #expect(sourceLocation: sourceLocation) {
      try parityCase.write(to: path)
    } throws: {
      "\($0)" == "\(path): \(problem)"
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("as it was".utf8))
    #expect(try folder.names.allSatisfy { ["copy.h5", "original.h5"].contains($0) }, "a draft stayed")
  }

  @Test("What the case's file held and nothing reads is refused, and the file that is there stays as it was")
  func unread() throws {
    try expectRefusal(
      try read("stackedgru") { try $0.setAttribute("zoneout", of: "/references/keras", to: 1) },
      "/references/keras: expected nothing that was not read, found attribute \"zoneout\"")
    try expectRefusal(
      try read("stackedgru") { $0.groups["/references/keras/notes"] = [:] },
      "/references/keras: expected nothing that was not read, found object \"notes\"")
    try expectRefusal(
      try read("stackedgru") { try $0.setAttribute("requires", of: "/", to: .strings(["clockwork"])) },
      "/: expected only features that this program knows, found \"clockwork\"")
  }

  @Test("A cell that no file can state is refused at its weights or its attribute")
  func undeclarable() throws {
    var parityCase = try bundled("stackedgru")
    let cell = parityCase.references[0].layers[0].passes[0].cell
    parityCase.references[0].layers[0].passes[0].cell = cell.changing { kind, gate in
      if kind == .reset { gate.biasHH = nil }
    }
    #expect { try parityCase.write(to: folder.path("copy.h5")) } throws: {
      "\($0)".contains(
        "/references/keras/layers/0/forward/weights: expected a cell that is all in keras weights")
    }
    #expect(try folder.names == [])
  }

  @Test("What cannot be a file is told by the operating system, and leaves nothing behind")
  func places() throws {
    let parityCase = try bundled("simplernn-tanh")
    let missing = folder.path("missing/copy.h5")
    #expect { try parityCase.write(to: missing) } throws: {
      "\($0)" == "\(missing): /: cannot open file: no such file"
    }
    try FileManager.default.createDirectory(atPath: folder.path("taken"), withIntermediateDirectories: false)
    #expect { try parityCase.write(to: folder.path("taken")) } throws: {
      "\($0)" == "\(folder.path("taken")): /: cannot write file: not a regular file"
    }
    #expect(try folder.names == ["taken"])
  }

  @Test("A link to a file stays one, and the file keeps its permissions")
  func links() throws {
    let (file, link) = (folder.path("file.h5"), folder.path("link.h5"))
    try Data().write(to: URL(fileURLWithPath: file))
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "file.h5")
    try bundled("simplernn-tanh").write(to: link)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "file.h5")
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
    #expect(mode == 0o640)
    #expect(try ParityCase(contentsOf: file).judged(.steps).verdict == .match)
    #expect(try folder.names == ["file.h5", "link.h5"])
  }

  @Test("A case may be written over the file that its long sequences are still read from")
  func overItself() throws {
    // 24 MB of h: three times what is read at once.
    let (T, B, H) = (3000, 16, 64)
    var random = Randomness(seed: 11)
    let h: BatchedSequence<Double> = random.sequence(T, B, H)
    let cell: Cell<Double> = .rnn(random.rnn(.oneBias, input: 2, hidden: H))
    let path = folder.path("long.h5")
    try ParityCase(
      name: "long", input: RecordedSequence(random.sequence(T, B, 2) as BatchedSequence<Float>),
      references: [
        Reference(
          name: "keras", framework: "keras", convention: .keras,
          layers: [
            RecordedLayer(
              name: "rnn", passes: [RecordedPass(cell: cell, states: RecordedStates(h: RecordedSequence(h)))])
          ])
      ]
    ).write(to: path)
    let read = try ParityCase(contentsOf: path)
    try read.write(to: path)
    let again = try ParityCase(contentsOf: path)
    #expect(again.references[0].layers[0].passes[0].states.h?.whole == h)
    #expect(read.differences(from: again) == [])
  }

  @Test(
    "A dataset that nothing was ever written to stays one, so that nothing rests on its zeros",
    arguments: ["weights/bias_hh", "h", "initial_state/h", "final_state/h"])
  func unwritten(_ name: String) throws {
    let path = "/references/pytorch/layers/0/forward/\(name)"
    let parityCase = try read("simplegru") { tree in
      let shape = try #require(tree.datasets[path]).shape
      try tree.replace(path, with: .unwritten(shape: shape, chunk: shape))
    }
    #expect(parityCase.references[1].layers[0].passes[0].unwritten == [path])
    #expect(parityCase.differences(from: try copy(parityCase)) == [])
  }

  @Test("What version 2 can say of a layer is written as it was read")
  func options() throws {
    let parityCase = try read("stackedbilstm") { tree in
      for reference in tree.references {
        let layer = "\(reference)/layers/1"
        for (name, value) in [
          ("other_options", "{\"zoneout\": 0.1, \"my noise\": true}"), ("pair", "middle"), ("module", "a.b"),
          ("calls", "{\"kind\": \"chained\", \"count\": 2, \"sizes\": [6, 6]}"), ("empty_final", "zeros"),
        ] as [(String, AttributeValue)] {
          try tree.setAttribute(name, of: layer, to: value)
        }
        try tree.setAttribute("decimals", of: layer, to: 5)
        try tree.setAttribute("clip", of: layer, to: .double(2.5))
        try tree.setAttribute("activation", of: "\(layer)/backward", to: "elu")
        try tree.setAttribute("alpha", of: "\(layer)/backward", to: .double(0.25))
        try tree.setAttribute("output_activation", of: "\(layer)/forward", to: "softsign")
        try tree.setAttribute("source", of: "\(reference)/layers/0/forward/initial_state", to: "computed")
      }
    }
    let layer = parityCase.references[0].layers[1]
    #expect(layer.otherOptions.map(\.text) == ["my noise true", "zoneout 0.1"] && layer.pair == "middle")
    #expect(layer.calls?.sizes == [6, 6] && layer.emptyFinal == .zeros && layer.passes[0].decimals == 5)
    #expect(parityCase.differences(from: try copy(parityCase)) == [])
    let written = try FixtureTree(contentsOf: folder.path("copy.h5"))
    #expect(
      written.groups["/"]?["requires"]
        == .strings([
          "pair", "clip", "output-activation", "activations", "empty-final", "direction-options",
          "other-options",
        ]))
  }

  @Test("References that are one object of the file stay one")
  func aliases() throws {
    let path = folder.path("alias.h5")
    try bundled("simplernn-tanh").write(to: path)
    var tree = try FixtureTree(contentsOf: path)
    tree.softLinks["/references/again"] = "/references/keras"
    try tree.write(to: path)
    let original = try ParityCase(contentsOf: path)
    let copy = try copy(original)
    #expect(original.differences(from: copy) == [])
    #expect(copy.references[0].object == copy.references[1].object && copy.references[0].object != nil)
    #expect(copy.references[0].object != copy.references[2].object)
  }
}
