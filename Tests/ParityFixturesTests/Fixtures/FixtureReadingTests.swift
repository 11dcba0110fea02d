import BundledCases
import FixtureEditing
import FixtureManifest
import Foundation
import HDF5
import Recurrent
import Testing

@testable import ParityFixtures
@testable import RecurrentParity

@Suite struct FixtureReadingTests {
  /// Two bidirectional layers of sequences of 7, 12 and 4 steps, I = 5, H = 7, as PyTorch and Keras ran them.
  private static let original = Manifest.folder.appending(path: "stackedbirnn-ragged.h5").path

  @Test("A copy of a fixture is read as the fixture itself", arguments: try Manifest.bundled().files)
  func copied(_ entry: Manifest.Entry) throws {
    let copy = try FixtureCopy(of: entry.path) { _ in }
    #expect(Contents(try ParityCase(contentsOf: copy.path)) == Contents(try entry.load()))
  }

  @Test("What the format does not know is ignored outside of the weights")
  func unknownContent() throws {
    let copy = try FixtureCopy(of: Self.original) { tree in
      try tree.setAttribute("colour", of: "/", to: "green")
      try tree.setAttribute("colour", of: "/references/keras/layers/0", to: 3)
      tree.groups["/extra"] = ["note": "mine"]
      tree.groups["/references/keras/layers/0/forward/extra"] = [:]
      tree.groups["/references/keras/layers/comment"] = [:]
      tree.datasets["/references/keras/extra"] = DatasetValue([.nan], shape: [1])
    }
    #expect(
      Contents(try ParityCase(contentsOf: copy.path)) == Contents(try ParityCase(contentsOf: Self.original)))
  }

  @Test("Attributes that may be absent have the documented defaults")
  func defaults() throws {
    let copy = try FixtureCopy(of: Self.original) { tree in
      for name in ["description", "seed"] { try tree.setAttribute(name, of: "/", to: nil) }
      for reference in ["keras", "pytorch"] {
        try tree.setAttribute("environment", of: "/references/\(reference)", to: nil)
        for layer in 0..<2 {
          let path = "/references/\(reference)/layers/\(layer)"
          for name in ["activation", "merge_mode"] { try tree.setAttribute(name, of: path, to: nil) }
        }
      }
    }
    let parityCase = try ParityCase(contentsOf: copy.path)
    #expect(parityCase.summary == nil)
    #expect(parityCase.seed == nil)
    #expect(parityCase.references.allSatisfy { $0.environment == nil })
    let passes = parityCase.references.flatMap { $0.layers.flatMap(\.passes) }
    #expect(passes.allSatisfy { $0.cell.activation == .tanh })
    #expect(parityCase.judged().verdict == .match)
  }

  @Test("No initial state means zeros, and no lengths mean all timesteps")
  func absentData() throws {
    let copy = try FixtureCopy(of: Self.original) { tree in
      try tree.remove("/lengths")
      try tree.remove("/references/keras/layers/0/forward/initial_state")
      try tree.remove("/references/keras/layers/0/backward/initial_state/h")
      try tree.remove("/references/keras/layers/1/forward/final_state")
    }
    let parityCase = try ParityCase(contentsOf: copy.path)
    #expect(parityCase.lengths == [12, 12, 12])
    let keras = try #require(parityCase.references.first { $0.name == "keras" })
    #expect(keras.layers[0].passes.allSatisfy { $0.initialState == nil })
    #expect(keras.layers[1].passes.allSatisfy { $0.initialState != nil })
    #expect(keras.layers[1].passes.map { $0.finalState.h == nil } == [true, false])
  }

  @Test("States that are not recorded are read off the output of their direction")
  func statesFromOutput() throws {
    let copy = try FixtureCopy(of: Self.original) { tree in
      for reference in ["keras", "pytorch"] {
        for place in ["0/forward", "0/backward", "1/forward", "1/backward"] {
          try tree.remove("/references/\(reference)/layers/\(place)/h")
        }
      }
    }
    let (read, original) = (try ParityCase(contentsOf: copy.path), try ParityCase(contentsOf: Self.original))
    for (a, b) in zip(read.references, original.references) {
      for (a, b) in zip(a.layers.flatMap(\.passes), b.layers.flatMap(\.passes)) {
        let (h, originalH) = (try #require(a.states.h), try #require(b.states.h))
        #expect(h.stepsDiffering(from: originalH, valid: original.valid).isEmpty)
      }
    }
    #expect(read.judged().verdict == .match)
  }

  @Test("Input beyond a sequence's length may hold anything")
  func padding() throws {
    let copy = try FixtureCopy(of: Self.original) { tree in
      // Sequences of 7, 12 and 4 steps.
      for (b, length) in [7, 12, 4].enumerated() {
        for t in length..<12 {
          for d in 0..<5 { try tree.change("/input") { $0.numbers[(t * 3 + b) * 5 + d] = .nan } }
          for d in 0..<14 {
            for reference in ["keras", "pytorch"] {
              try tree.change("/references/\(reference)/layers/0/output") {
                $0.numbers[(t * 3 + b) * 14 + d] = .nan
              }
            }
          }
        }
      }
    }
    #expect(try ParityCase(contentsOf: copy.path).judged().verdict == .match)
  }

  @Test("However a fixture stores its numbers, they are read the same")
  func storage() throws {
    let copy = try FixtureCopy(of: Self.original) { tree in
      for path in tree.datasets.keys where path != "/lengths" {
        try tree.change(path) { dataset in
          dataset.storage = .gzip(chunk: dataset.shape, level: 6)
          dataset.store(as: .float(bits: 32, bigEndian: true))
        }
      }
    }
    #expect(
      Contents(try ParityCase(contentsOf: copy.path)) == Contents(try ParityCase(contentsOf: Self.original)))
  }

  @Test("A file that declares more than the memory limit is refused at the dataset that goes beyond it")
  func memoryLimit() throws {
    // The input takes 12 · 3 · 5 · 8 = 1440 bytes, the first output 12 · 3 · 14 · 8 = 4032, more than any other.
    for (limit, path, shape) in [
      (1439, "/input", "(12, 3, 5)"), (1440, "/references/keras/layers/0/output", "(12, 3, 14)"),
      // Each alone would fit: it is their sum that counts.
      (4032, "/references/keras/layers/0/output", "(12, 3, 14)"),
    ] {
      let error = #expect(throws: FixtureError.self) {
        try ParityCase(contentsOf: Self.original, memoryLimit: limit)
      }
      #expect(error?.path == path)
      #expect(
        error?.problem == "expected at most \(limit) bytes of values in the file, found shape \(shape)")
    }
    let tree = try FixtureTree(contentsOf: Self.original)
    let total = tree.datasets.filter { $0.key != "/lengths" }.reduce(0) { $0 + 8 * $1.value.numbers.count }
    #expect(throws: Never.self) { try ParityCase(contentsOf: Self.original, memoryLimit: total) }
    #expect(throws: FixtureError.self) { try ParityCase(contentsOf: Self.original, memoryLimit: total - 1) }
  }

  @Test("What is no HDF5 file is refused in one line")
  func notHDF5() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "fixture-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let whole = try Data(contentsOf: URL(fileURLWithPath: Self.original))
    for (name, contents, problem) in [
      ("text.h5", Data("not HDF5 at all".utf8), "cannot open file: not an HDF5 file"),
      ("empty.h5", Data(), "cannot open file: not an HDF5 file"),
      ("half.h5", whole.prefix(whole.count / 2), "cannot open file: truncated file"),
    ] {
      let file = folder.appending(path: name)
      try contents.write(to: file)
      let error = #expect(throws: FixtureError.self) { try ParityCase(contentsOf: file.path) }
      #expect(
        error?.description.hasPrefix("\(file.path): /: \(problem)") == true, "\(error?.description ?? "")")
      #expect(error?.description.contains("\n") == false)
    }
    let absent = folder.appending(path: "absent.h5").path
    let error = #expect(throws: FixtureError.self) { try ParityCase(contentsOf: absent) }
    #expect(error?.description == "\(absent): /: cannot open file: no such file")
  }
}

/// What a fixture holds, to be compared.
private struct Contents: Equatable {
  var names: [String?]
  var seed: Int?
  var input: RecordedSequence
  var formats: [FloatFormat]
  var lengths: [Int]
  var cells: [Cell<Double>]
  var merges: [MergeMode]
  var states: [RecordedSequence?]
  var ends: [Matrix<Double>?]

  init(_ parityCase: ParityCase) {
    let references = parityCase.references
    let layers = references.flatMap(\.layers)
    let passes = layers.flatMap(\.passes)
    names =
      [parityCase.name, parityCase.summary] + layers.map(\.name)
      + references.flatMap {
        [$0.name, $0.framework, $0.frameworkVersion, $0.convention.rawValue, $0.environment]
      }
      + passes.map(\.direction.rawValue)
    seed = parityCase.seed
    input = parityCase.input
    formats = [parityCase.inputFormat] + passes.map(\.format)
    lengths = parityCase.lengths
    cells = passes.map(\.cell)
    merges = layers.map(\.merge)
    states = layers.map(\.input) + layers.map(\.output) + passes.flatMap { [$0.states.h, $0.states.c] }
    ends = passes.flatMap { [$0.initialState?.h, $0.initialState?.c, $0.finalState.h, $0.finalState.c] }
  }
}
