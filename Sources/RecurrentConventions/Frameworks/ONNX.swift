import Recurrent

/// The ONNX operators RNN, GRU and LSTM, one direction's slice: `W (G·H, I)`, `R (G·H, H)`, `B (2·G·H)`, the
/// input's biases before the recurrent ones; an LSTM's peepholes `P (3H)`, of i, o and f; `x @ Wᵀ`. `reset_after` is
/// `linear_before_reset`.
///
/// Source: ONNX operators RNN, GRU and LSTM, version 14.
enum ONNX: FrameworkRules {
  static let title = "ONNX"
  static let article = "an"
  static let formula = BiasFormula.twoBias
  static let gruOrder: [GateKind] = [.update, .reset, .new]
  static let lstmOrder: [GateKind] = [.input, .output, .forget, .cell]
  static let letters: [GateKind: String] = [.new: "h", .cell: "c"]
  static let gateAxis: Int? = 1
  static let features: Set<CellFeature> = [.resetBefore, .peepholes, .clip, .inputForget, .outputActivation]
  static let layerFeatures: Set<LayerFeature> = Set(LayerFeature.allCases)

  static func refusal(of activation: Activation, ofGates: Bool, in kind: CellKind) -> String? {
    ONNXActivation(activation) == nil ? "an activation that the operator names" : nil
  }

  /// All activations of one direction, f first, as the attribute needs them.
  static func activationCode(_ activation: Activation, ofGates: Bool, in cell: Cell<Double>) -> String? {
    var own = activations(of: cell)
    for index in own.indices where (index == 0) == ofGates || own.count == 1 { own[index] = activation }
    let named = own.compactMap(ONNXActivation.init)
    guard named.count == own.count else { return nil }
    let list = "activations=[\(named.map { "'\($0.name)'" }.joined(separator: ", "))]"
    let (alpha, beta) = (named.compactMap(\.alphaCode), named.compactMap(\.betaCode))
    return list
      + (alpha.isEmpty ? "" : ", activation_alpha=[\(alpha.joined(separator: ", "))]")
      + (beta.isEmpty ? "" : ", activation_beta=[\(beta.joined(separator: ", "))]")
  }

  /// In the order of the attribute: of a plain cell f; of a GRU f and g; of an LSTM f, g and h.
  static func activations(of cell: Cell<Double>) -> [Activation] {
    switch cell {
    case .rnn(let cell): [cell.activation]
    case .gru(let cell): [cell.recurrentActivation, cell.activation]
    case .lstm(let cell):
      [cell.recurrentActivation, cell.activation, cell.outputActivation ?? cell.activation]
    }
  }

  static func recurrentWeight(_ kind: CellKind) -> String { "R" }

  static func read(
    _ cell: CellDescription, _ reader: inout TensorReader
  ) throws(ConventionError) -> NativeGates {
    let rows = cell.gateCount * cell.hiddenSize
    let both = try reader.bias("B", [2 * rows])
    let packed = PackedGates(
      weightIH: try reader.matrix("W", rows, cell.inputSize),
      weightHH: try reader.matrix("R", rows, cell.hiddenSize),
      biasIH: both.map { Array($0[..<rows]) }, biasHH: both.map { Array($0[rows...]) })
    var gates = packed.gates(cell.gateCount)
    if cell.kind == .lstm, let peepholes = try reader.bias("P", [3 * cell.hiddenSize]) {
      // In the order of the gates, which leaves out the last.
      for index in 0..<3 {
        gates[index].peephole = Array(peepholes[index * cell.hiddenSize..<(index + 1) * cell.hiddenSize])
      }
    }
    return NativeGates(gates: gates)
  }

  static func tensors(_ cell: Cell<Double>) -> [String: NativeTensor] {
    let gates = cell.gates(in: gateOrder(cell.kind))
    let packed = PackedGates(gates)
    var tensors = ["W": NativeTensor(packed.weightIH), "R": NativeTensor(packed.weightHH)]
    if packed.biasIH != nil || packed.biasHH != nil {
      let zeros = [Double](repeating: 0, count: packed.weightIH.rows)
      tensors["B"] = NativeTensor((packed.biasIH ?? zeros) + (packed.biasHH ?? zeros))
    }
    tensors["P"] = Array(gates.prefix(3)).joined(\.peephole).map(NativeTensor.init)
    return tensors
  }

  /// Source: the equations of the ONNX operators RNN, GRU and LSTM; what `clip` does is said there in its attribute.
  static func notation(_ kind: CellKind) -> Notation {
    var notation = Notation(
      input: "X_t", state: ("H_{t−1}", "H_t"),
      functions: [
        "f": kind == .rnn ? .activation : .recurrentActivation, "g": .activation, "h": .outputActivation,
        "clip": .clip,
      ], equations: [], symbols: [])
    switch kind {
    case .rnn:
      notation.equations = [Equation("H_t = f(clip(X_t W_iᵀ + H_{t−1} R_iᵀ + Wb_i + Rb_i))")]
    case .gru:
      notation.equations = [
        Equation("z_t = f(clip(X_t W_zᵀ + H_{t−1} R_zᵀ + Wb_z + Rb_z))"),
        Equation("r_t = f(clip(X_t W_rᵀ + H_{t−1} R_rᵀ + Wb_r + Rb_r))"),
        Equation("h_t = g(clip(X_t W_hᵀ + r_t ⊙ (H_{t−1} R_hᵀ + Rb_h) + Wb_h))", if: .resetAfter),
        Equation("h_t = g(clip(X_t W_hᵀ + (r_t ⊙ H_{t−1}) R_hᵀ + Rb_h + Wb_h))", if: .resetBefore),
        Equation("H_t = (1 − z_t) ⊙ h_t + z_t ⊙ H_{t−1}"),
      ]
    case .lstm:
      notation.memory = ("C_{t−1}", "C_t")
      notation.equations = [
        Equation("i_t = f(clip(X_t W_iᵀ + H_{t−1} R_iᵀ + P_i ⊙ C_{t−1} + Wb_i + Rb_i))"),
        Equation(
          "f_t = f(clip(X_t W_fᵀ + H_{t−1} R_fᵀ + P_f ⊙ C_{t−1} + Wb_f + Rb_f))", if: .ownForget),
        Equation("f_t = 1 − i_t", if: .inputForget),
        Equation("c_t = g(clip(X_t W_cᵀ + H_{t−1} R_cᵀ + Wb_c + Rb_c))"),
        Equation("C_t = f_t ⊙ C_{t−1} + i_t ⊙ c_t"),
        Equation("o_t = f(clip(X_t W_oᵀ + H_{t−1} R_oᵀ + P_o ⊙ C_t + Wb_o + Rb_o))"),
        Equation("H_t = o_t ⊙ h(C_t)"),
      ]
    }
    let order = gateOrder(kind)
    for (k, gate) in order.enumerated() {
      // The operator calls the only gate of a plain cell its input gate.
      let l = gate == .hidden ? "i" : letter(gate)
      notation.symbols += [
        Symbol("W_\(l)", "W", .block(k), .whole), Symbol("R_\(l)", "R", .block(k), .whole),
        Symbol("Wb_\(l)", "B", .block(k)),
        Symbol("Rb_\(l)", "B", .block(order.count + k)),
      ]
      if kind == .lstm, gate != .cell { notation.symbols.append(Symbol("P_\(l)", "P", .block(k))) }
    }
    return notation
  }
}
