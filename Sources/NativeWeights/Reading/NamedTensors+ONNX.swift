import Recurrent
import RecurrentConventions

/// The nodes of an ONNX model by the names of their tensors: `<node>.W (D, G·H, I)`, `.R`, `.B`, `.P`.
extension NamedTensors {
  /// - Parameter nodes: in the order in which data flow.
  mutating func takeONNXLayers(_ nodes: ONNXNodes) throws(WeightFileError) -> [WeightLayer] {
    var layers: [WeightLayer] = []
    for node in nodes.nodes { layers.append(try takeNode(node)) }
    return layers
  }

  private mutating func takeNode(_ node: ONNXNodes.Node) throws(WeightFileError) -> WeightLayer {
    var others = node.otherOptions
    var stacked: [String: StoredTensor] = [:]
    for parameter in ["W", "R", "B", "P"] {
      guard let tensor = take("\(node.name).\(parameter)") else { continue }
      guard tensor.shape.first == node.directions.count else {
        throw error(
          tensor.path, expected: "a first axis of \(node.directions.count), the directions",
          found: "shape \(tensor.shapeText)")
      }
      stacked[parameter] = tensor
    }
    for state in ["initial_h", "initial_c"] {
      guard let tensor = take("\(node.name).\(state)") else { continue }
      if try tensor.values().contains(where: { $0 != 0 }) { others.append("\(state) of its own") }
    }
    var passes: [WeightPass] = []
    for (index, said) in node.said.enumerated() {
      let tensors = stacked.mapValues { $0.slice(index) }
      guard let input = tensors["W"]?.shape, let state = tensors["R"]?.shape, input.count == 2,
        state.count == 2,
        let shape = CellShape(packed: input[0], inputSize: input[1], hiddenSize: state[1]),
        shape.kind == node.kind, state[0] == input[0]
      else {
        throw error(
          "\(node.name).W", expected: "W (D, G·H, I) and R (D, G·H, H) of a \(node.kind.rawValue)",
          found: "\(stacked["W"]?.shapeText ?? "nothing") and \(stacked["R"]?.shapeText ?? "nothing")")
      }
      passes.append(
        WeightPass(
          said: said, inputSize: shape.inputSize, hiddenSize: shape.hiddenSize, tensors: tensors))
    }
    return WeightLayer(name: node.name, convention: .onnx, passes: passes, otherOptions: others)
  }
}
