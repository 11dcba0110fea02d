import Foundation
import NativeWeights
import Recurrent
import RecurrentConventions
import Testing

/// A reference of a bundled fixture, whose weights are carried to each framework.
struct ConversionSource: CustomTestStringConvertible, Sendable {
  let fixture: String
  let reference: String

  var testDescription: String { "\(fixture), \(reference)" }

  static let all = [
    ("simplernn-relu", "pytorch"), ("simplernn-relu", "keras"), ("stackedbigru-float64", "pytorch"),
    ("stackedbigru-float64", "keras"), ("bilstm", "pytorch"), ("bilstm", "keras"),
    ("stackedbigru-ave", "keras"), ("stackedbigru-no-bias", "pytorch"), ("backwardlstm", "keras"),
    ("stackedbigru-reset-before", "keras"), ("gru-flax-linen", "flax"), ("gru-mlx", "mlx"),
    ("lstm-onnx-peepholes", "onnxruntime"), ("lstm-onnx-options", "onnxruntime"),
  ].map { ConversionSource(fixture: $0, reference: $1) }

  func file() throws -> WeightFile {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try WeightFile(
      contentsOf: root.appending(path: "Fixtures/\(fixture).h5").path,
      reference: reference)
  }
}

@Suite struct ConversionTests {
  @Test(
    "What is written for a framework is read again as the same layers, bit for bit",
    arguments: ConversionSource.all)
  func roundTrip(_ source: ConversionSource) throws {
    let file = try source.file()
    let scratch = try Scratch()
    var written = 0
    for layout in WrittenFormat.allCases where layout != .onnx {
      let target = layout.target
      guard let conversion = try? file.converted(to: target) else { continue }
      let path = try scratch.write("a" + layout.fileEnding, try conversion.bytes(as: layout))
      let read = try WeightFile(contentsOf: path)
      try #require(read.layers.count == conversion.layers.count)
      #expect(read.others.isEmpty)
      let stored = conversion.storedFormat(in: layout)
      for (own, layer) in zip(read.layers, conversion.layers) {
        #expect(own.convention == target && own.passes.count == layer.passes.count)
        for (pass, converted) in zip(own.passes, layer.passes) {
          // Of two biases the sum, which is rounded once.
          let expected = converted.converted.tensors.mapValues {
            NativeTensor(shape: $0.shape, values: $0.values.map { stored.round($0) })
          }
          #expect(try pass.nativeTensors(file: path) == expected)
          #expect(pass.tensors.values.allSatisfy { $0.format == stored })
        }
      }
      written += 1
    }
    #expect(written > 0 || file.layers[0].convention == .onnx)
  }

  @Test(
    "An ONNX model holds every weight of every layer, and nothing else but shapes",
    arguments: ConversionSource.all)
  func onnx(_ source: ConversionSource) throws {
    let file = try source.file()
    let conversion = try file.converted(to: .onnx)
    let model = Message(try conversion.bytes(as: .onnx)[...])
    let graph = try #require(model.messages(7).first)
    #expect(
      graph.messages(1).map { $0.text(4) }.contains(file.layers[0].passes[0].said.kind?.rawValue.uppercased())
    )
    // Tensors of Float32: their raw bytes.
    let values = graph.messages(5).filter { $0.numbers(2) == [1] }.flatMap { $0.floats(9) }
    let expected = conversion.layers.flatMap(\.passes).flatMap {
      $0.converted.tensors.values.flatMap(\.values)
    }
    #expect(values.sorted() == expected.map(Float.init).sorted())
  }

  @Test("A layer that the framework does not have is refused by the layer's name and the reason")
  func refused() throws {
    func refusal(_ fixture: String, _ reference: String, _ target: Convention) throws -> String? {
      let file = try ConversionSource(fixture: fixture, reference: reference).file()
      return #expect(throws: WeightFileError.self) { try file.converted(to: target) }?.expected
    }
    #expect(
      try refusal("bilstm", "keras", .mlx) == "one direction, all that a layer of MLX has")
    #expect(
      try refusal("stackedbigru-ave", "keras", .pytorch) == "merge concat, the only one that PyTorch has")
    #expect(
      try refusal("backwardlstm", "keras", .pytorch)
        == "a forward direction, all that a layer of PyTorch has")
    #expect(
      try refusal("stackedbigru-reset-before", "keras", .flax) == "reset_after true, as every Flax GRU is")
    #expect(
      try refusal("lstm-onnx-peepholes", "onnxruntime", .keras)?.hasPrefix("no peepholes") ?? false)
    #expect(try refusal("simplelstm-relu", "keras", .pytorch) == "tanh, the only one of nn.LSTM")
  }

  @Test("What is summed, added, rounded and turned round is noted")
  func notes() throws {
    func notes(
      _ fixture: String, _ reference: String, _ layout: WrittenFormat
    ) throws -> [ConversionNote.Change] {
      let file = try ConversionSource(fixture: fixture, reference: reference).file()
      return try file.converted(to: layout.target).notes(in: layout).map(\.change)
    }
    #expect(try notes("simplelstm", "keras", .kerasWeights).isEmpty)
    guard
      case .biasesSummed(let gates, let names, let rounding) = try notes("simplelstm", "pytorch", .flax)[0]
    else {
      Issue.record("no sum was noted")
      return
    }
    #expect(gates == [.input, .forget, .cell, .output])
    #expect(names == ["hf/bias", "hg/bias", "hi/bias", "ho/bias"])
    // Half of a last bit of a sum below 2.
    #expect(rounding > 0 && rounding <= 0x1p-24)
    #expect(
      try notes("simplelstm", "keras", .onnx)
        == [.zerosAdded([.input, .forget, .cell, .output], in: ["B"])])
    #expect(try notes("gru-mlx", "mlx", .kerasWeights) == [.zerosAdded([.reset, .update], in: ["bias"])])
    // A Float64 weight is no Float32.
    guard
      case .rounded("float64", "float32", let relative) = try notes("stackedbigru-float64", "keras", .onnx)
        .last
    else {
      Issue.record("no rounding was noted")
      return
    }
    #expect(relative > 0 && relative <= 0x1p-24)
  }

  @Test("Float64 is written for MLX as Float32, which it loads, and it is said how far values are rounded")
  func float64ForMLX() throws {
    let file = try WeightFile(contentsOf: RecordedWeights.folder + "pytorch-gru-float64.safetensors")
    let conversion = try file.converted(to: .mlx)
    let changes = conversion.notes(in: .mlx).map(\.change)
    let scratch = try Scratch()
    let wrote = try WeightFile(contentsOf: scratch.write("a.safetensors", conversion.bytes(as: .mlx)))
    guard case .rounded("float64", "float32", let relative) = changes.last else {
      Issue.record("no rounding was noted: \(changes)")
      return
    }
    #expect(relative > 0 && relative <= 0x1p-24)
    #expect(wrote.layers[0].passes[0].tensors.values.allSatisfy { $0.format == .float32 })
  }

  @Test("A value beyond what the written format can hold is refused, by its tensor")
  func beyondFloat32() throws {
    let scratch = try Scratch()
    let tensors = [TestTensor("weight_ih_l0", [4, 1], [1, 1e39, 1, 1]), TestTensor("weight_hh_l0", 4, 1)]
    let file = try WeightFile(
      contentsOf: scratch.write("a.safetensors", Safetensors(tensors, type: "F64").bytes))
    for layout in [WrittenFormat.mlx, .onnx] {
      let error = #expect(throws: WeightFileError.self) {
        try file.converted(to: layout.target).bytes(as: layout)
      }
      #expect(error?.expected.hasPrefix("values within float32") == true && error?.found == "1e+39")
    }
    #expect(try !file.converted(to: .pytorch).bytes(as: .pyTorch).isEmpty)
  }
}

/// A message of Protocol Buffers, read by its wire format alone. Source: "Encoding", Protocol Buffers documentation.
private struct Message {
  private var fields: [(number: Int, value: UInt64, bytes: ArraySlice<UInt8>)] = []

  init(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes
    func varint() -> UInt64 {
      var (value, shift): (UInt64, UInt64) = (0, 0)
      while let byte = rest.popFirst() {
        value |= UInt64(byte & 0x7F) << shift
        shift += 7
        if byte < 0x80 { break }
      }
      return value
    }
    while !rest.isEmpty {
      let key = varint()
      switch key & 7 {
      case 0: fields.append((Int(key >> 3), varint(), []))
      case 5:
        fields.append((Int(key >> 3), 0, rest.prefix(4)))
        rest = rest.dropFirst(4)
      default:
        let count = Int(varint())
        fields.append((Int(key >> 3), 0, rest.prefix(count)))
        rest = rest.dropFirst(count)
      }
    }
  }

  func messages(_ number: Int) -> [Message] {
    fields.filter { $0.number == number }.map { Message($0.bytes) }
  }

  func numbers(_ number: Int) -> [UInt64] { fields.filter { $0.number == number }.map(\.value) }

  func text(_ number: Int) -> String? {
    fields.first { $0.number == number }.map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  func floats(_ number: Int) -> [Float] {
    let bytes = Array(fields.first { $0.number == number }?.bytes ?? [])
    return stride(from: 0, to: bytes.count - 3, by: 4).map { start in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) })
    }
  }
}
