import Recurrent
import Testing

@testable import NativeWeights

@Suite struct LayerOptionTests {
  /// An nn.RNN, whose activation no file says, beside an nn.GRU that may read it.
  private func file() throws -> WeightFile {
    let scratch = try Scratch()
    return try WeightFile(
      contentsOf: try scratch.safetensors([
        TestTensor("rnn.weight_ih_l0", 2, 3), TestTensor("rnn.weight_hh_l0", 2, 2),
        TestTensor("gru.weight_ih_l0", 6, 2), TestTensor("gru.weight_hh_l0", 6, 2),
      ]))
  }

  private func refusal(_ options: [LayerOptions]) throws -> WeightFileError? {
    let file = try file()
    return #expect(throws: WeightFileError.self) { try file.network(options, as: Float.self) }
  }

  @Test("What is not said is asked for, all of it, in words that can be copied")
  func missing() throws {
    let error = try refusal([])
    #expect(error?.expected.contains(#"LayerOptions(name: "rnn.l0", activation: …)"#) == true)
    #expect(error?.found == "no activation of rnn.l0")
  }

  @Test("The order of layers is nobody's guess")
  func order() throws {
    #expect(
      try refusal([LayerOptions(activation: .tanh)])?.expected.contains("the order of the layers") == true)
    let network = try file().network(
      [LayerOptions(name: "rnn.l0", activation: .relu), LayerOptions(name: "gru")], as: Float.self)
    #expect(network.layers.map(\.passes[0].cell.kind) == [.rnn, .gru])
    #expect(network.layers[0].passes[0].cell.activation == .relu)
    // The other way round the sizes do not fit.
    let error = try refusal([LayerOptions(name: "gru"), LayerOptions(name: "rnn", activation: .relu)])
    #expect(error?.path == "rnn.l0")
  }

  @Test("What contradicts the file is refused")
  func contradiction() throws {
    for options in [
      LayerOptions(name: "gru", kind: .lstm), LayerOptions(name: "gru", activation: .relu),
      LayerOptions(name: "gru", recurrentActivation: .hardSigmoid),
      LayerOptions(name: "gru", resetAfter: false),
      LayerOptions(name: "gru", direction: .backward), LayerOptions(name: "gru", clip: 3),
      LayerOptions(name: "gru", outputActivation: .relu), LayerOptions(name: "gru", inputForget: true),
    ] {
      #expect(try refusal([options])?.path == "gru.l0", "\(options)")
    }
  }

  @Test("Names that are none, and entries half with names, are refused with what there is")
  func names() throws {
    #expect(try refusal([LayerOptions(name: "lstm")])?.expected == "one of gru.l0, rnn.l0")
    #expect(try refusal([LayerOptions(name: "gru"), LayerOptions()])?.path == "layers")
    #expect(try refusal([LayerOptions(), LayerOptions(), LayerOptions()])?.path == "layers")
  }

  @Test("Two layers that are the halves of one are one by what is said")
  func halves() throws {
    let scratch = try Scratch()
    let names = ["i/kernel", "h/kernel"]
    let tensors = ["left", "right"].flatMap { side in
      zip(names, [3, 2]).map { TestTensor("\(side)/\($0)", $1, 2, from: side.count) }
    }
    let file = try WeightFile(contentsOf: try scratch.safetensors(tensors))
    let network = try file.network(
      [LayerOptions(name: "left", activation: .tanh, merge: .concat, backward: "right")], as: Float.self)
    #expect(network.layers.count == 1 && network.layers[0].passes.map(\.direction) == [.forward, .backward])
    #expect(throws: WeightFileError.self) {
      try file.network([LayerOptions(name: "left", activation: .tanh, backward: "up")], as: Float.self)
    }
  }
}
