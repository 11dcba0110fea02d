import FixtureEditing
import FixtureManifest
import Foundation

/// The fixtures that are changed, each read once.
final class Originals: Sendable {
  static let shared = Originals()

  private let rich = Result { try Originals.read(FixtureChange.rich) }
  private let cells = ["rnn", "gru", "lstm"].map { cell in
    Result { try Originals.read("stackedbi\(cell)-onnx") }
  }

  func tree(_ name: String) throws -> FixtureTree {
    switch name {
    case FixtureChange.rich: try rich.get()
    case "stackedbirnn-onnx": try cells[0].get()
    case "stackedbigru-onnx": try cells[1].get()
    case "stackedbilstm-onnx": try cells[2].get()
    default: try Self.read(name)
    }
  }

  private static func read(_ name: String) throws -> FixtureTree {
    try FixtureTree(contentsOf: Manifest.folder.appending(path: "\(name).h5").path)
  }
}
