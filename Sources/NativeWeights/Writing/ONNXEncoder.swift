import Recurrent
import RecurrentConventions
import RecurrentParity

/// Writes a stack of layers as an ONNX model: `input (T, B, I)` to `output (T, B, D · H)`, and of each layer its last
/// states `<layer>/h_n` and `<layer>/c_n (D, B, H)`. It starts from zeros.
struct ONNXEncoder {
  let layers: [ConvertedLayer]
  let format: FloatFormat

  func bytes() -> [UInt8] {
    var graph = ONNXGraph(format: format)
    let inputSize = layers.first?.passes[0].converted.cell.inputSize ?? 0
    graph.addInput("input", [.named("timesteps"), .named("batch"), .length(inputSize)])
    var fed = "input"
    for (index, layer) in layers.enumerated() {
      let isLast = index == layers.count - 1
      let name = layers.count { $0.name == layer.name } == 1 ? layer.name : "\(layer.name)_\(index)"
      fed = add(layer, named: name, reading: fed, to: isLast ? "output" : "\(name)/output", &graph)
      if isLast {
        graph.addOutput(fed, [.named("timesteps"), .named("batch"), .length(outputSize(layer))])
      }
    }
    return graph.model(producer: "rnn-parity")
  }

  private func outputSize(_ layer: ConvertedLayer) -> Int {
    layer.passes[0].converted.cell.stateSize * (layer.merge == .concat ? layer.passes.count : 1)
  }

  private func add(
    _ layer: ConvertedLayer, named name: String, reading input: String, to output: String,
    _ graph: inout ONNXGraph
  ) -> String {
    let cells = layer.passes.map(\.converted.cell)
    let (H, D) = (cells[0].hiddenSize, cells.count)
    // [W, R, B, P], each with an axis of directions.
    var names: [String] = []
    for weight in ["W", "R", "B", "P"] {
      let tensors = layer.passes.compactMap { $0.converted.tensors[weight] }
      guard let first = tensors.first, tensors.count == D else {
        names.append("")
        continue
      }
      names.append("\(name)/\(weight)")
      graph.addConstant(
        "\(name)/\(weight)", NativeTensor(shape: [D] + first.shape, values: tensors.flatMap(\.values)))
    }
    // Inputs in the operator's order: X, W, R, B, sequence_lens, initial_h, and of an LSTM initial_c and P.
    var inputs = [input, names[0], names[1], names[2]]
    if !names[3].isEmpty { inputs += ["", "", "", names[3]] }
    while inputs.last == "" { inputs.removeLast() }
    let isLSTM = layer.kind == .lstm
    graph.add(
      layer.kind.rawValue.uppercased(), inputs,
      ["\(name)/Y", "\(name)/h_n"] + (isLSTM ? ["\(name)/c_n"] : []), attributes(layer))
    graph.addOutput("\(name)/h_n", [.length(D), .named("batch"), .length(H)])
    if isLSTM { graph.addOutput("\(name)/c_n", [.length(D), .named("batch"), .length(H)]) }
    merge(layer, "\(name)/Y", to: output, &graph)
    return output
  }

  private func attributes(_ layer: ConvertedLayer) -> [(String, ONNXGraph.Attribute)] {
    let cell = layer.passes[0].converted.cell
    let said = CellDescription(cell)
    let direction =
      layer.isBidirectional ? "bidirectional" : layer.passes[0].direction == .backward ? "reverse" : "forward"
    let activations = layer.passes.flatMap { ONNXActivation.list(of: $0.converted.cell) }
    var attributes: [(String, ONNXGraph.Attribute)] = [
      ("hidden_size", .int(cell.hiddenSize)), ("direction", .string(direction)),
      ("activations", .strings(activations.map(\.name))),
    ]
    let (alpha, beta) = (activations.compactMap(\.alpha), activations.compactMap(\.beta))
    if !alpha.isEmpty { attributes.append(("activation_alpha", .floats(alpha.map(Float.init)))) }
    if !beta.isEmpty { attributes.append(("activation_beta", .floats(beta.map(Float.init)))) }
    if let clip = said.clip { attributes.append(("clip", .float(Float(clip)))) }
    if said.kind == .gru { attributes.append(("linear_before_reset", .int(said.resetAfter ? 1 : 0))) }
    if said.inputForget { attributes.append(("input_forget", .int(1))) }
    return attributes
  }

  /// `Y (T, D, B, H)` as one output.
  private func merge(_ layer: ConvertedLayer, _ Y: String, to output: String, _ graph: inout ONNXGraph) {
    guard layer.isBidirectional, layer.merge != .concat else {
      graph.add("Transpose", [Y], ["\(Y)/transposed"], [("perm", .ints([0, 2, 1, 3]))])
      graph.addConstant("\(Y)/shape", [0, 0, -1])
      // Keras puts out a backward layer's steps in the order in which it computes them.
      let isReversed = layer.source == .keras && layer.passes.map(\.direction) == [.backward]
      graph.add("Reshape", ["\(Y)/transposed", "\(Y)/shape"], [isReversed ? "\(Y)/timed" : output])
      if isReversed { reverse("\(Y)/timed", to: output, &graph) }
      return
    }
    switch layer.merge {
    case .concat, .sum:
      graph.addConstant("\(Y)/axes", [1])
      graph.add("ReduceSum", [Y, "\(Y)/axes"], [output], [("keepdims", .int(0))])
    case .mul: graph.add("ReduceProd", [Y], [output], [("axes", .ints([1])), ("keepdims", .int(0))])
    case .ave: graph.add("ReduceMean", [Y], [output], [("axes", .ints([1])), ("keepdims", .int(0))])
    }
  }

  /// All steps, the last one first.
  private func reverse(_ sequence: String, to output: String, _ graph: inout ONNXGraph) {
    for (name, value) in [("starts", -1), ("ends", Int.min), ("axes", 0), ("steps", -1)] {
      graph.addConstant("\(sequence)/\(name)", [value])
    }
    graph.add(
      "Slice", [sequence] + ["starts", "ends", "axes", "steps"].map { "\(sequence)/\($0)" }, [output])
  }
}
