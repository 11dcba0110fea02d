import Recurrent

/// PyTorch's `torch.nn.RNN`, `GRU` and `LSTM`: `weight_ih (G·H, I)`, `weight_hh (G·H, H)`, `bias_ih (G·H)`,
/// `bias_hh (G·H)`; `x @ Wᵀ`. An LSTM with `proj_size` has `weight_hh (G·H, P)` and `weight_hr (P, H)`.
///
/// Source: `torch/nn/modules/rnn.py`. A module with `bias=False` has neither bias, so one without the other
/// is not a PyTorch cell.
enum PyTorch: FrameworkRules {
  static let title = "PyTorch"
  static let formula = BiasFormula.twoBias
  static let gruOrder: [GateKind] = [.reset, .update, .new]
  static let lstmOrder: [GateKind] = [.input, .forget, .cell, .output]
  static let gateAxis: Int? = 0
  static let features: Set<CellFeature> = [.projection]
  static let layerFeatures: Set<LayerFeature> = [.bidirectional]

  static func refusal(of activation: Activation, ofGates: Bool, in kind: CellKind) -> String? {
    switch kind {
    case .rnn: [.tanh, .relu].contains(activation) ? nil : "tanh or relu, as nn.RNN has them"
    case .gru, .lstm:
      activation == (ofGates ? .sigmoid : .tanh)
        ? nil : "\(ofGates ? "sigmoid" : "tanh"), the only one of nn.\(kind.rawValue.uppercased())"
    }
  }

  static func activationCode(_ activation: Activation, ofGates: Bool, in cell: Cell<Double>) -> String? {
    cell.kind == .rnn && refusal(of: activation, ofGates: ofGates, in: .rnn) == nil
      ? "nn.RNN(nonlinearity='\(activation)')" : nil
  }

  /// The order of one pass's parameters in a module.
  static let parameterOrder = ["weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr"]

  /// `weight_ih_l0`, `weight_ih_l0_reverse`
  static func name(_ parameter: String, layer: Int, direction: Direction) -> String {
    "\(parameter)_l\(layer)" + (direction == .backward ? "_reverse" : "")
  }

  static func recurrentWeight(_ kind: CellKind) -> String { "weight_hh" }

  static func read(
    _ cell: CellDescription, _ reader: inout TensorReader
  ) throws(ConventionError) -> NativeGates {
    let rows = cell.gateCount * cell.hiddenSize
    let packed = PackedGates(
      weightIH: try reader.matrix("weight_ih", rows, cell.inputSize),
      weightHH: try reader.matrix("weight_hh", rows, cell.stateSize),
      biasIH: try reader.bias("bias_ih", [rows]), biasHH: try reader.bias("bias_hh", [rows]))
    var weightHR: Matrix<Double>?
    if let P = cell.projectionSize { weightHR = try reader.matrix("weight_hr", P, cell.hiddenSize) }
    switch (packed.biasIH, packed.biasHH) {
    case (nil, .some): throw ConventionError(tensor: "bias_ih", expected: "shape (\(rows))", found: "nothing")
    case (.some, nil): throw ConventionError(tensor: "bias_hh", expected: "shape (\(rows))", found: "nothing")
    default: return NativeGates(gates: packed.gates(cell.gateCount), weightHR: weightHR)
    }
  }

  static func tensors(_ cell: Cell<Double>) -> [String: NativeTensor] {
    let packed = PackedGates(cell.gates(in: gateOrder(cell.kind)))
    var tensors = ["weight_ih": NativeTensor(packed.weightIH), "weight_hh": NativeTensor(packed.weightHH)]
    tensors["bias_ih"] = packed.biasIH.map(NativeTensor.init)
    tensors["bias_hh"] = packed.biasHH.map(NativeTensor.init)
    tensors["weight_hr"] = cell.weightHR.map(NativeTensor.init)
    return tensors
  }

  /// Source: the documentation of `torch.nn.RNN`, `GRU` and `LSTM`.
  static func notation(_ kind: CellKind) -> Notation {
    var notation = Notation(
      input: "x_t", state: ("h_{t−1}", "h_t"),
      functions: ["σ": .recurrentActivation, "tanh": .activation, "f": .activation], equations: [],
      symbols: [])
    switch kind {
    case .rnn:
      notation.equations = [Equation("h_t = f(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh)")]
    case .gru:
      notation.equations = [
        Equation("r_t = σ(W_ir x_t + b_ir + W_hr h_{t−1} + b_hr)"),
        Equation("z_t = σ(W_iz x_t + b_iz + W_hz h_{t−1} + b_hz)"),
        Equation("n_t = tanh(W_in x_t + b_in + r_t ⊙ (W_hn h_{t−1} + b_hn))"),
        Equation("h_t = (1 − z_t) ⊙ n_t + z_t ⊙ h_{t−1}"),
      ]
    case .lstm:
      notation.memory = ("c_{t−1}", "c_t")
      notation.equations = [
        Equation("i_t = σ(W_ii x_t + b_ii + W_hi h_{t−1} + b_hi)"),
        Equation("f_t = σ(W_if x_t + b_if + W_hf h_{t−1} + b_hf)"),
        Equation("g_t = tanh(W_ig x_t + b_ig + W_hg h_{t−1} + b_hg)"),
        Equation("o_t = σ(W_io x_t + b_io + W_ho h_{t−1} + b_ho)"),
        Equation("c_t = f_t ⊙ c_{t−1} + i_t ⊙ g_t"),
        Equation("h_t = o_t ⊙ tanh(c_t)", if: .notProjected),
        Equation("h_t = W_hr (o_t ⊙ tanh(c_t))", if: .projected),
      ]
    }
    for (k, gate) in gateOrder(kind).enumerated() {
      let l = gate == .hidden ? "h" : letter(gate)
      notation.symbols += [
        Symbol("W_i\(l)", "weight_ih", .block(k), .whole), Symbol("W_h\(l)", "weight_hh", .block(k), .whole),
        Symbol("b_i\(l)", "bias_ih", .block(k)), Symbol("b_h\(l)", "bias_hh", .block(k)),
      ]
    }
    if kind == .lstm { notation.symbols.append(Symbol("W_hr", "weight_hr")) }
    return notation
  }
}
