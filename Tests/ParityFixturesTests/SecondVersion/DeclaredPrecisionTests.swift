import BundledCases
import FixtureEditing
import FixtureManifest
import HDF5
import Recurrent
import Testing

@testable import ParityFixtures
@testable import RecurrentParity

/// A run that computes as it says is a match, and one that says something else is not.
@Suite struct DeclaredPrecisionTests {
  struct Run: CustomTestStringConvertible, Sendable {
    var name: String
    var reference: String
    var precision: String

    var testDescription: String { "\(name) as \(precision)" }
  }

  /// Real runs in lowered precision, by what they were.
  static let runs =
    ["stackedbirnn", "stackedbigru", "stackedbilstm"].flatMap { network in
      [
        Run(name: "bfloat16-\(network)", reference: "pytorch", precision: "bfloat16"),
        Run(name: "float16-\(network)", reference: "pytorch", precision: "float16"),
        Run(name: "mixed-bfloat16-\(network)", reference: "keras", precision: "mixed-bfloat16"),
        Run(name: "autocast-bfloat16-\(network)", reference: "pytorch", precision: "autocast-bfloat16"),
      ]
    } + [Run(name: "int8-stackedbilstm", reference: "onnxruntime", precision: "int8-dynamic")]

  private func judged(_ run: Run, as precision: String?, ofLayers: Bool = false) throws -> CaseJudgement {
    let entry = try #require(try Manifest.bundled().files.first { $0.case == run.name })
    let copy = try FixtureCopy(of: entry.path) { tree in
      try tree.raiseVersion()
      guard let precision else { return }
      let reference = "/references/\(run.reference)"
      for place in ofLayers ? tree.layers.filter({ $0.hasPrefix(reference + "/") }) : [reference] {
        try tree.setAttribute("precision", of: place, to: .string(precision))
      }
    }
    let parityCase = try ParityCase(contentsOf: copy.path)
    #expect(parityCase.unread.isEmpty)
    return parityCase.judged(.steps)
  }

  @Test(
    "A run in lowered precision matches as what it declares, of the whole or of each layer", arguments: runs)
  func declared(_ run: Run) throws {
    #expect(try judged(run, as: nil).verdict == .drift)
    #expect(try judged(run, as: run.precision).verdict == .match)
    #expect(try judged(run, as: run.precision, ofLayers: true).verdict == .match)
  }

  @Test("As anything finer or as another arithmetic it is flagged, or no valid file", arguments: runs)
  func declaredWrongly(_ run: Run) throws {
    let others =
      switch run.precision {
      case "float16": ["float32", "tf32", "int8-dynamic", "bfloat16", "mixed-bfloat16", "autocast-bfloat16"]
      case "int8-dynamic":
        ["float32", "tf32", "float16", "bfloat16", "autocast-bfloat16", "autocast-float16"]
      case "autocast-bfloat16": ["float32", "tf32", "int8-dynamic", "autocast-float16"]
      default: ["float32", "tf32", "int8-dynamic", "float16", "mixed-float16", "autocast-float16"]
      }
    for other in others {
      do {
        let verdict = try judged(run, as: other).verdict
        #expect(verdict >= .drift, "\(other)")
      } catch let error as FixtureError {
        #expect(error.problem.hasPrefix("attribute precision: expected "), "\(other): \(error)")
      }
    }
  }

  @Test("A layer's own declaration goes before the reference's")
  func layersOwn() throws {
    let run = Run(name: "bfloat16-stackedbigru", reference: "pytorch", precision: "bfloat16")
    let entry = try #require(try Manifest.bundled().files.first { $0.case == run.name })
    let copy = try FixtureCopy(of: entry.path) {
      try $0.raiseVersion()
      try $0.setAttribute("precision", of: "/references/pytorch", to: "float32")
      try $0.setAttribute("precision", of: "/references/pytorch/layers/1", to: "bfloat16")
    }
    let passes = try ParityCase(contentsOf: copy.path).judged(.steps).references[0].passes
    #expect(passes.map(\.judgement.verdict) == [.drift, .drift, .match, .match])
    #expect(passes.map(\.pass.format) == [.float32, .float32, .bfloat16, .bfloat16])
  }

  @Test(
    "A Float32 run that declares what it is not is never the better for it",
    arguments: ["rnn", "gru", "lstm"])
  func float32(_ cell: String) throws {
    for precision in ["float32", "tf32"] {
      let copy = try FixtureCopy(try Originals.shared.tree("stackedbi\(cell)-onnx")) {
        try $0.raiseVersion()
        for reference in $0.references {
          try $0.setAttribute("precision", of: reference, to: .string(precision))
        }
      }
      // Matrix products in tf32 are what may be rounded, and need not be.
      #expect(try ParityCase(contentsOf: copy.path).judged(.steps).verdict == .match)
    }
  }
}
