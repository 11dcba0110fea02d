import Recurrent
import RecurrentConventions

extension WeightConversion {
  /// The lines of the target framework that make the layers to which the file belongs, for a person: it holds their
  /// weights, and what else they are has to be declared there. Each with the name that its weights begin with.
  public var code: [(name: String, code: String)] {
    switch target {
    case .pytorch: layers.moduleGroups.map { ($0.name, $0.pyTorchCode) }
    case .keras: layers.map { ($0.name, $0.kerasCode) }
    case .flax: layers.map { ($0.name, $0.flaxCode) }
    case .mlx: layers.map { ($0.name, $0.mlxCode) }
    // A model says all of itself.
    default: []
    }
  }
}

extension ConvertedLayer {
  fileprivate var cell: Cell<Double> { passes[0].converted.cell }
  fileprivate var hasBias: Bool { cell.gates.contains { $0.gate.biasIH != nil || $0.gate.biasHH != nil } }
  fileprivate var isBackward: Bool { passes.map(\.direction) == [.backward] }

  /// The arguments that give the cell's activations, where they are not the framework's own; of the gates second.
  fileprivate func activationCode(_ convention: Convention, _ cell: Cell<Double>) -> [String] {
    let said = CellDescription(cell)
    var arguments: [String] = []
    if said.activation != .tanh {
      arguments.append(
        convention.activationCode(said.activation, ofGates: false, in: cell)
          ?? "activation=\(said.activation)")
    }
    if said.kind != .rnn, said.recurrentActivation != .sigmoid {
      arguments.append(
        convention.activationCode(said.recurrentActivation, ofGates: true, in: cell)
          ?? "recurrent_activation=\(said.recurrentActivation)")
    }
    return arguments
  }

  fileprivate var kerasCode: String {
    let name = kind == .rnn ? "SimpleRNN" : kind.rawValue.uppercased()
    let own = passes.map { pass in
      let cell = pass.converted.cell
      var arguments = ["\(cell.hiddenSize)"] + activationCode(.keras, cell)
      if case .gru(let gru) = cell, !gru.resetAfter { arguments.append("reset_after=False") }
      if !hasBias { arguments.append("use_bias=False") }
      if pass.direction == .backward { arguments.append("go_backwards=True") }
      return "\(name)(\((arguments + ["return_sequences=True"]).joined(separator: ", ")))"
    }
    guard isBidirectional else { return "keras.layers.\(own[0])" }
    let isAlike = own[1] == own[0].replacing(", return", with: ", go_backwards=True, return")
    let merge = merge == .concat ? "" : ", merge_mode='\(merge.rawValue)'"
    let backward = isAlike ? "" : ", backward_layer=keras.layers.\(own[1])"
    return "keras.layers.Bidirectional(keras.layers.\(own[0])\(merge)\(backward))"
  }

  fileprivate var flaxCode: String {
    let own = passes.map { pass in
      let cell = pass.converted.cell
      let name = kind == .rnn ? "SimpleCell" : kind == .gru ? "GRUCell" : "LSTMCell"
      let arguments = ["\(cell.hiddenSize)"] + activationCode(.flax, cell)
      return "nn.RNN(nn.\(name)(\(arguments.joined(separator: ", ")))"
    }
    guard isBidirectional else {
      // Keras puts out what it computed first; so does this, if it is not to keep the order.
      let order = source == .keras ? "" : ", keep_order=True"
      return own[0] + (isBackward ? ", reverse=True\(order))" : ")")
    }
    let merges: [MergeMode: String] = [.sum: "a + b", .mul: "a * b", .ave: "(a + b) / 2"]
    let merge = merges[merge].map { ", merge_fn=lambda a, b: \($0)" } ?? ""
    return "nn.Bidirectional(\(own[0])), \(own[1]))\(merge))"
  }

  fileprivate var mlxCode: String {
    let bias = hasBias ? "" : ", bias=False"
    let nonlinearity =
      kind == .rnn
      ? activationCode(.mlx, cell).map {
        ", " + $0.replacing("nn.RNN(", with: "").replacing(")", with: "")
      }.joined() : ""
    return "nn.\(kind.rawValue.uppercased())(\(cell.inputSize), \(cell.hiddenSize)\(bias)\(nonlinearity))"
  }
}

extension ModuleGroup {
  fileprivate var pyTorchCode: String {
    let layer = layers[0]
    var arguments = ["\(layer.cell.inputSize)", "\(layer.cell.hiddenSize)"]
    if layers.count > 1 { arguments.append("num_layers=\(layers.count)") }
    if layer.isBidirectional { arguments.append("bidirectional=True") }
    if !layer.hasBias { arguments.append("bias=False") }
    if let P = layer.cell.weightHR?.rows { arguments.append("proj_size=\(P)") }
    if layer.kind == .rnn, layer.cell.activation == .relu { arguments.append("nonlinearity='relu'") }
    return "nn.\(layer.kind.rawValue.uppercased())(\(arguments.joined(separator: ", ")))"
  }
}
