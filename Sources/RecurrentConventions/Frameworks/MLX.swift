import Recurrent

/// MLX's `RNN`, `GRU` and `LSTM`: `Wx (G·H, I)`, `Wh (G·H, H)`; `x @ Wᵀ`. One `bias (G·H)`; a GRU has `b (3H)` and,
/// inside `r ⊙ (·)`, `bhn (H)`: both or neither.
///
/// The module itself calls the weights of a plain RNN `Wxh` and `Whh`. Source: `mlx/nn/layers/recurrent.py`.
enum MLX: FrameworkRules {
  static let title = "MLX"
  static let article = "an"
  static let formula = BiasFormula.oneBias
  static let gruOrder: [GateKind] = [.reset, .update, .new]
  static let lstmOrder: [GateKind] = [.input, .forget, .cell, .output]
  static let gateAxis: Int? = 0
  static let layerFeatures: Set<LayerFeature> = []

  /// An RNN takes any function; a GRU and an LSTM none.
  static func refusal(of activation: Activation, ofGates: Bool, in kind: CellKind) -> String? {
    kind == .rnn || activation == (ofGates ? .sigmoid : .tanh)
      ? nil : "\(ofGates ? "sigmoid" : "tanh"), the only one of nn.\(kind.rawValue.uppercased())"
  }

  static func activationCode(_ activation: Activation, ofGates: Bool, in cell: Cell<Double>) -> String? {
    let function: String? =
      switch activation {
      case .tanh, .sigmoid: "mx.\(activation)"
      case .relu: "nn.relu"
      case .linear: "lambda x: x"
      default: nil
      }
    return cell.kind == .rnn ? function.map { "nn.RNN(nonlinearity=\($0))" } : nil
  }

  static func recurrentWeight(_ kind: CellKind) -> String { "Wh" }

  static func read(
    _ cell: CellDescription, _ reader: inout TensorReader
  ) throws(ConventionError) -> NativeGates {
    let (H, rows) = (cell.hiddenSize, cell.gateCount * cell.hiddenSize)
    let packed = PackedGates(
      weightIH: try reader.matrix("Wx", rows, cell.inputSize), weightHH: try reader.matrix("Wh", rows, H),
      biasIH: try reader.bias(cell.kind == .gru ? "b" : "bias", [rows]))
    var gates = packed.gates(cell.gateCount)
    guard cell.kind == .gru else { return NativeGates(gates: gates) }
    let bhn = try reader.bias("bhn", [H])
    switch (packed.biasIH, bhn) {
    case (nil, .some): throw ConventionError(tensor: "b", expected: "shape (\(rows))", found: "nothing")
    case (.some, nil): throw ConventionError(tensor: "bhn", expected: "shape (\(H))", found: "nothing")
    default: gates[gates.count - 1].biasHH = bhn
    }
    return NativeGates(gates: gates)
  }

  static func tensors(_ cell: Cell<Double>) -> [String: NativeTensor] {
    let gates = cell.withMergedGateBiases.gates(in: gateOrder(cell.kind))
    let packed = PackedGates(gates)
    var tensors = ["Wx": NativeTensor(packed.weightIH), "Wh": NativeTensor(packed.weightHH)]
    guard cell.kind == .gru else {
      tensors["bias"] = packed.biasIH.map(NativeTensor.init)
      return tensors
    }
    guard packed.biasIH != nil || packed.biasHH != nil else { return tensors }
    let zeros = [Double](repeating: 0, count: packed.weightIH.rows)
    tensors["b"] = NativeTensor(packed.biasIH ?? zeros)
    tensors["bhn"] = NativeTensor(Array((packed.biasHH ?? zeros).suffix(cell.hiddenSize)))
    return tensors
  }

  /// Source: the documentation of `mlx.nn.RNN`, `GRU` and `LSTM`; h of the step before is its h_t.
  static func notation(_ kind: CellKind) -> Notation {
    var notation = Notation(
      input: "x_t", state: ("h_t", "h_{t+1}"),
      functions: ["σ": .recurrentActivation, "tanh": .activation, "f": .activation], equations: [],
      symbols: [])
    switch kind {
    case .rnn: notation.equations = [Equation("h_{t+1} = f(W_ih x_t + W_hh h_t + b)")]
    case .gru:
      notation.equations = [
        Equation("r_t = σ(W_xr x_t + W_hr h_t + b_r)"), Equation("z_t = σ(W_xz x_t + W_hz h_t + b_z)"),
        Equation("n_t = tanh(W_xn x_t + b_n + r_t ⊙ (W_hn h_t + b_hn))"),
        Equation("h_{t+1} = (1 − z_t) ⊙ n_t + z_t ⊙ h_t"),
      ]
    case .lstm:
      notation.memory = ("c_t", "c_{t+1}")
      notation.equations = [
        Equation("i_t = σ(W_xi x_t + W_hi h_t + b_i)"), Equation("f_t = σ(W_xf x_t + W_hf h_t + b_f)"),
        Equation("g_t = tanh(W_xg x_t + W_hg h_t + b_g)"), Equation("o_t = σ(W_xo x_t + W_ho h_t + b_o)"),
        Equation("c_{t+1} = f_t ⊙ c_t + i_t ⊙ g_t"), Equation("h_{t+1} = o_t ⊙ tanh(c_{t+1})"),
      ]
    }
    for (k, gate) in gateOrder(kind).enumerated() {
      let l = letter(gate)
      notation.symbols += [
        Symbol(kind == .rnn ? "W_ih" : "W_x\(l)", "Wx", .block(k), .whole),
        Symbol(kind == .rnn ? "W_hh" : "W_h\(l)", "Wh", .block(k), .whole),
        Symbol(kind == .rnn ? "b" : "b_\(l)", kind == .gru ? "b" : "bias", .block(k)),
      ]
      if gate == .new { notation.symbols.append(Symbol("b_hn", "bhn")) }
    }
    return notation
  }
}
