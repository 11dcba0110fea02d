import Foundation
import Testing

@Suite(.timeLimit(.minutes(2))) struct ConvertTests {
  private let fixture = BundledFixture(name: "simplelstm").path

  @Test("Weights are written for each framework, and it is said how they are declared and what was summed")
  func written() async throws {
    let scratch = try Scratch()
    for (target, name, line) in [
      ("pytorch", "a.safetensors", "  lstm_0 = nn.LSTM(5, 7)"),
      ("keras", "a.weights.h5", "  lstm_0 = keras.layers.LSTM(7, return_sequences=True)"),
      ("keras", "a.h5", "  lstm_0 = keras.layers.LSTM(7, return_sequences=True)"),
      ("flax", "b.safetensors", "  lstm_0 = nn.RNN(nn.LSTMCell(7))"),
      ("mlx", "c.safetensors", "  lstm_0 = nn.LSTM(5, 7)"),
    ] {
      let outcome = try await ParityProcess()(
        "convert", fixture, "--reference", "keras", "--to", target, "-o", scratch.path(name))
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.split(separator: "\n").contains { $0 == line }, "\(outcome.output)")
      // What was written is a weight file of that layer, and holds the same network.
      let inspection = try await ParityProcess()("inspect", scratch.path(name))
      #expect(inspection.status == 0 && inspection.output.contains("lstm_0"))
      let comparison = try await ParityProcess()(
        "compare", fixture, scratch.path(name), "--reference", "keras")
      #expect(comparison.status == 0, "\(comparison.output)\(comparison.errors)")
    }
    let model = try await ParityProcess()(
      "convert", fixture, "--reference", "pytorch", "--to", "onnx", "-o", scratch.path("a.onnx"))
    #expect(model.status == 0 && model.output.contains("every parameter is as it was, bit for bit"))
    let summed = try await ParityProcess()(
      "convert", fixture, "--reference", "pytorch", "--to", "keras", "-o", scratch.path("a.h5"))
    #expect(summed.output.contains("bias of i, f, c, o: the sum of both biases, rounded by "))
  }

  @Test("What cannot be converted leaves the output as it was, and says why in one line")
  func refused() async throws {
    let scratch = try Scratch()
    try scratch.write("a.safetensors", Data("old".utf8))
    let before = try scratch.stamp("a.safetensors")
    let merged = try await ParityProcess()(
      "convert", BundledFixture(name: "stackedbigru-ave").path, "--reference", "keras", "--to", "pytorch",
      "-o", scratch.path("a.safetensors"))
    #expect(merged.status == 2)
    #expect(merged.errors.contains("expected merge concat, the only one that PyTorch has, found ave"))
    #expect(merged.errors.split(separator: "\n").count == 1)
    let unsaid = try await ParityProcess()(
      "convert", fixture, "--to", "pytorch", "-o", scratch.path("a.safetensors"))
    #expect(unsaid.status == 2)
    let missing = try await ParityProcess()(
      "convert", scratch.path("none.h5"), "--to", "pytorch", "-o", scratch.path("a.safetensors"))
    #expect(missing.status == 2)
    #expect(try scratch.stamp("a.safetensors") == before)
    let folder = try await ParityProcess()(
      "convert", fixture, "--reference", "keras", "--to", "pytorch", "-o",
      scratch.path("no/folder.safetensors"))
    #expect(folder.status == 2 && folder.errors.contains("cannot be written"))
    #expect(try scratch.names() == ["a.safetensors"])
  }

  @Test("What the input does not say is asked for by the flags that give it, which then suffice")
  func missing() async throws {
    let scratch = try Scratch()
    func convert(_ name: String, _ flags: String...) async throws -> Outcome {
      try await ParityProcess().run(
        ["convert", BundledFixture.weights(name), "--to", "keras", "-o", scratch.path("a.weights.h5")] + flags
      )
    }
    let activation = try await convert("flax-rnn.safetensors")
    #expect(activation.status == 2 && !activation.errors.contains("LayerOptions"))
    #expect(
      activation.errors.contains(
        "by --activation tanh|relu|… --direction forward|backward, found no activation"),
      "\(activation.errors)")
    #expect(
      try await convert("flax-rnn.safetensors", "--activation", "tanh", "--direction", "forward").status == 0)
    let reference = try await ParityProcess()(
      "convert", fixture, "--to", "keras", "-o", scratch.path("b.weights.h5"))
    #expect(reference.errors.contains("expected --reference with one of keras, pytorch, found none given"))
    let order = try await ParityProcess()(
      "convert", BundledFixture.weights("pytorch-unlike.safetensors"), "--to", "onnx", "-o",
      scratch.path("a.onnx"))
    #expect(order.status == 2 && order.errors.contains("by a --layer for each"), "\(order.errors)")
    let ordered = try await ParityProcess()(
      "convert", BundledFixture.weights("pytorch-unlike.safetensors"), "--to", "onnx", "-o",
      scratch.path("a.onnx"), "--layer", "encoder", "--layer", "decoder")
    #expect(ordered.status == 0, "\(ordered.errors)")
  }

  @Test(
    "A name that the framework does not read, and a framework that there is not, are a wrong command line")
  func usage() async throws {
    let scratch = try Scratch()
    for arguments in [
      ["convert", fixture, "--to", "pytorch", "-o", scratch.path("a.h5")],
      ["convert", fixture, "--to", "onnx", "-o", scratch.path("a.safetensors")],
      ["convert", fixture, "--to", "torch", "-o", scratch.path("a.safetensors")],
      ["convert", fixture, "--to", "pytorch"], ["convert", "--to", "keras", "-o", scratch.path("a.h5")],
      ["convert", fixture, "--to", "keras", "-o", scratch.path("a.h5"), "--activation", "tahn"],
    ] {
      #expect(try await ParityProcess().run(arguments).status == 64, "\(arguments)")
    }
  }
}
