import FixtureEditing
import HDF5
import Recurrent
import RecurrentConventions
import Testing

@testable import ParityFixtures
@testable import RecurrentParity

/// The weights of Flax and MLX, in files of either version.
@Suite struct FlaxAndMLXTests {
  /// Keras's reference with its weights as another framework writes them.
  private func read(_ name: String, as convention: Convention, version: Int) throws -> ParityCase {
    let original = try FixtureCopy(try Originals.shared.tree(name)) { _ in }
    let keras = try #require(
      ParityCase(contentsOf: original.path).references.first { $0.name == "keras" })
    let copy = try FixtureCopy(try Originals.shared.tree(name)) { tree in
      try tree.setAttribute("format_version", of: "/", to: .int(version))
      try tree.setAttribute("convention", of: "/references/keras", to: .string(convention.rawValue))
      for (index, layer) in keras.layers.enumerated() {
        for pass in layer.passes {
          let weights = "/references/keras/layers/\(index)/\(pass.direction.rawValue)/weights"
          try tree.remove(weights)
          tree.groups[weights] = [:]
          for (name, tensor) in try convention.tensors(of: pass.cell) {
            if let gate = name.split(separator: "/").dropLast().first {
              tree.groups["\(weights)/\(gate)"] = [:]
            }
            // A sum of two biases need not be one of Float32.
            tree.datasets["\(weights)/\(name)"] = DatasetValue(
              .floats(tensor.values, .float(bits: 64, bigEndian: false)), shape: tensor.shape)
          }
        }
      }
    }
    return try ParityCase(contentsOf: copy.path)
  }

  @Test(
    "A network is the same in Keras's, Flax's and MLX's weights",
    arguments: ["stackedbirnn-ragged", "stackedbigru-ragged", "stackedbilstm-ragged"],
    [Convention.flax, .mlx])
  func equal(_ name: String, _ convention: Convention) throws {
    for version in [1, 2] {
      let parityCase = try read(name, as: convention, version: version)
      #expect(parityCase.unread.isEmpty)
      let keras = try #require(parityCase.references.first { $0.name == "keras" })
      #expect(keras.convention == convention)
      #expect(parityCase.judged(.steps).verdict == .match)
    }
  }
}
