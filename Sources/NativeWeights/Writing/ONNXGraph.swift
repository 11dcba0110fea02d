import RecurrentConventions
import RecurrentParity

/// A graph of ONNX while it is built: nodes, constants, inputs and outputs, and the model's bytes.
///
/// Source: `onnx/onnx.proto`.
struct ONNXGraph {
  /// An attribute of a node.
  enum Attribute {
    case int(Int)
    case ints([Int])
    case float(Float)
    case floats([Float])
    case string(String)
    case strings([String])
  }

  /// An axis of an input or an output: of a known length, or of any, by a name.
  enum Axis {
    case length(Int)
    case named(String)
  }

  let format: FloatFormat
  private var nodes: [ProtobufMessage] = []
  private var constants: [ProtobufMessage] = []
  private var inputs: [ProtobufMessage] = []
  private var outputs: [ProtobufMessage] = []

  init(format: FloatFormat) { self.format = format }

  mutating func add(
    _ operation: String, _ inputs: [String], _ outputs: [String], _ attributes: [(String, Attribute)] = []
  ) {
    var node = ProtobufMessage()
    for input in inputs { node.add(1, input) }
    for output in outputs { node.add(2, output) }
    node.add(3, outputs.first { !$0.isEmpty } ?? operation)
    node.add(4, operation)
    for (name, attribute) in attributes { node.add(5) { $0.write(name, attribute) } }
    nodes.append(node)
  }

  mutating func addConstant(_ name: String, _ tensor: NativeTensor) {
    addConstant(name, shape: tensor.shape, type: elementType, format.bytes(tensor.values))
  }

  mutating func addConstant(_ name: String, _ values: [Int]) {
    addConstant(name, shape: [values.count], type: 7, values.flatMap { Int64($0).littleEndianBytes })
  }

  mutating func addInput(_ name: String, _ shape: [Axis]) { inputs.append(value(name, shape)) }
  mutating func addOutput(_ name: String, _ shape: [Axis]) { outputs.append(value(name, shape)) }

  /// The model's file.
  func model(producer: String) -> [UInt8] {
    var model = ProtobufMessage()
    // The oldest that has operators of version 14, which every runtime of today reads.
    model.add(1, 8)
    model.add(2, producer)
    model.add(7) { graph in
      for node in nodes { graph.add(1, node.bytes) }
      graph.add(2, "network")
      for constant in constants { graph.add(5, constant.bytes) }
      for input in inputs { graph.add(11, input.bytes) }
      for output in outputs { graph.add(12, output.bytes) }
    }
    model.add(8) { operators in operators.add(2, 14) }
    return model.bytes
  }

  private var elementType: Int { format == .float64 ? 11 : 1 }

  private mutating func addConstant(_ name: String, shape: [Int], type: Int, _ bytes: [UInt8]) {
    var tensor = ProtobufMessage()
    for size in shape { tensor.add(1, size) }
    tensor.add(2, type)
    tensor.add(8, name)
    tensor.add(9, bytes)
    constants.append(tensor)
  }

  private func value(_ name: String, _ shape: [Axis]) -> ProtobufMessage {
    var value = ProtobufMessage()
    value.add(1, name)
    value.add(2) { type in
      type.add(1) { tensor in
        tensor.add(1, elementType)
        tensor.add(2) { dimensions in
          for axis in shape {
            dimensions.add(1) { dimension in
              switch axis {
              case .length(let length): dimension.add(1, length)
              case .named(let name): dimension.add(2, name)
              }
            }
          }
        }
      }
    }
    return value
  }
}

extension ProtobufMessage {
  fileprivate mutating func write(_ name: String, _ attribute: ONNXGraph.Attribute) {
    add(1, name)
    switch attribute {
    case .float(let value):
      add(2, value)
      add(20, 1)
    case .int(let value):
      add(3, value)
      add(20, 2)
    case .string(let value):
      add(4, value)
      add(20, 3)
    case .floats(let values):
      for value in values { add(7, value) }
      add(20, 6)
    case .ints(let values):
      for value in values { add(8, value) }
      add(20, 7)
    case .strings(let values):
      for value in values { add(9, value) }
      add(20, 8)
    }
  }
}
