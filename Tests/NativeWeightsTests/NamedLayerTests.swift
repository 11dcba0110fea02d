import Recurrent
import Testing

@testable import NativeWeights

@Suite struct NamedLayerTests {
  private func read(_ tensors: [TestTensor]) throws -> WeightFile {
    let scratch = try Scratch()
    return try WeightFile(contentsOf: try scratch.safetensors(tensors))
  }

  /// H = 2, I = 3, D = 2, two layers.
  private static let stack = ["", "_reverse"].flatMap { suffix in
    [
      TestTensor("module.encoder.rnn.weight_ih_l0\(suffix)", 8, 3),
      TestTensor("module.encoder.rnn.weight_hh_l0\(suffix)", 8, 2),
      TestTensor("module.encoder.rnn.bias_ih_l0\(suffix)", 8),
      TestTensor("module.encoder.rnn.bias_hh_l0\(suffix)", 8),
      TestTensor("module.encoder.rnn.weight_ih_l1\(suffix)", 8, 4),
      TestTensor("module.encoder.rnn.weight_hh_l1\(suffix)", 8, 2),
      TestTensor("module.encoder.rnn.bias_ih_l1\(suffix)", 8),
      TestTensor("module.encoder.rnn.bias_hh_l1\(suffix)", 8),
    ]
  }

  @Test("A state_dict says cells, sizes, directions and the order of a module's layers, behind any prefix")
  func pytorch() throws {
    let file = try read(
      Self.stack + [TestTensor("module.head.weight", 2, 4), TestTensor("module.head.bias", 2)])
    #expect(file.layers.map(\.name) == ["module.encoder.rnn.l0", "module.encoder.rnn.l1"])
    #expect(file.layers.map(\.module) == ["module.encoder.rnn", "module.encoder.rnn"])
    #expect(file.layers.map(\.feed) == [.unsaid, .layer("module.encoder.rnn.l0")])
    for layer in file.layers {
      #expect(layer.passes.map(\.said.kind) == [.lstm, .lstm])
      #expect(layer.passes.map(\.said.direction) == [.forward, .backward])
      #expect(layer.merge == .concat && file.unsaidOptions(of: layer).isEmpty)
    }
    #expect(file.others.map(\.name) == ["module.head.bias", "module.head.weight"])
    #expect(try file.network(as: Float.self).layers.count == 2)
  }

  @Test("Ten layers are in the order of their numbers, not of their names' letters")
  func manyLayers() throws {
    let file = try read(
      (0..<12).flatMap { [TestTensor("weight_ih_l\($0)", 3, 3), TestTensor("weight_hh_l\($0)", 3, 3)] })
    #expect(file.layers.map(\.name) == (0..<12).map { "l\($0)" })
  }

  @Test(
    "A state_dict that lacks a part, or has one that does not fit, is refused by the name of the part",
    arguments: [
      ("module.encoder.rnn.weight_hh_l1", "module.encoder.rnn.weight_hh_l1"),
      ("module.encoder.rnn.weight_ih_l0", "module.encoder.rnn.weight_ih_l0"),
    ])
  func incomplete(_ removed: String, _ named: String) throws {
    let error = #expect(throws: WeightFileError.self) {
      try read(Self.stack.filter { $0.name != removed })
    }
    #expect(error?.path == named)
  }

  @Test("A bias without the other, and a layer that does not read the one below, are refused")
  func contradictory() throws {
    let halved = try read(Self.stack.filter { $0.name != "module.encoder.rnn.bias_hh_l0" })
    let error = #expect(throws: WeightFileError.self) { try halved.network(as: Float.self) }
    #expect(error?.path.contains("bias_hh") == true)
    let narrow = Self.stack.map { tensor in
      tensor.name.contains("weight_ih_l1") ? TestTensor(tensor.name, 8, 3) : tensor
    }
    #expect(throws: WeightFileError.self) { try read(narrow) }
  }

  @Test("MLX's and Flax's names are read, of Flax those of nnx too; what else there is, is listed")
  func otherFrameworks() throws {
    let mlx = try read([
      TestTensor("l.0.Wx", 8, 3), TestTensor("l.0.Wh", 8, 2), TestTensor("l.0.bias", 8),
      TestTensor("l.1.Wx", 6, 2), TestTensor("l.1.Wh", 6, 2), TestTensor("l.1.b", 6),
      TestTensor("l.1.bhn", 2),
      TestTensor("r.Wxh", 2, 2), TestTensor("r.Whh", 2, 2), TestTensor("r.bias", 2),
    ])
    #expect(mlx.layers.map(\.passes[0].said.kind) == [.lstm, .gru, .rnn] && mlx.others.isEmpty)
    #expect(mlx.layers.map { mlx.unsaidOptions(of: $0) } == [[], [], ["activation"]])

    for (separator, escaped) in [("/", "if"), (".", "if_")] {
      let names = ["ii", escaped, "ig", "io"].map { ["both", "forward_rnn", "cell", $0, "kernel"] }
      let states = ["hi", "hf", "hg", "ho"].map { ["both", "forward_rnn", "cell", $0, "kernel"] }
      let forward =
        names.map { TestTensor($0.joined(separator: separator), 3, 2) }
        + states.map { TestTensor($0.joined(separator: separator), 2, 2) }
      let backward = forward.map {
        TestTensor($0.name.replacing("forward", with: "backward"), $0.shape, $0.values)
      }
      let flax = try read(forward + backward + [TestTensor("head\(separator)kernel", 4, 2)])
      #expect(flax.layers.map(\.name) == ["both"] && flax.layers[0].passes.count == 2)
      #expect(flax.unsaidOptions(of: flax.layers[0]) == ["activation", "recurrentActivation", "merge"])
      #expect(flax.others.count == 1)
      #expect(try flax.network([.defaults()], as: Float.self).layers[0].passes[1].direction == .backward)
    }
  }

  @Test("Layers that nnx fuses are the gates that they are made of")
  func fused() throws {
    let whole = TestTensor("rnn.cell.dense_i.kernel", 3, 6)
    let file = try read([
      whole, TestTensor("rnn.cell.dense_i.bias", 6), TestTensor("rnn.cell.dense_h.kernel", 2, 6),
    ])
    let pass = try #require(file.layers.first?.passes.first)
    let gate = try #require(try pass.tensors["iz/kernel"]?.values())
    #expect(gate == [2, 3, 8, 9, 14, 15].map { whole.values[$0] })
  }
}
