import Recurrent

/// Flax's `SimpleCell`, `GRUCell` and `LSTMCell`: one dense layer a gate, `<gate>/kernel (in, H)` and
/// `<gate>/bias (H)`; `x @ W`.
///
/// The gates of the input are i; ir, iz, in; ii, if, ig, io; those of the state h; hr, hz, hn; hi, hf, hg, ho. Where
/// two are summed only one has a bias: the input's of a simple cell and of a GRU, the state's of an LSTM. A GRU's
/// hn has one of its own inside `r ⊙ (·)`, in linen; the fused layers of nnx's `GRUCell` have none there.
/// Source: `flax/linen/recurrent.py`, `flax/nnx/nn/recurrent.py`.
enum Flax: FrameworkRules {
  static let title = "Flax"
  static let formula = BiasFormula.oneBias
  static let gruOrder: [GateKind] = [.reset, .update, .new]
  static let lstmOrder: [GateKind] = [.input, .forget, .cell, .output]
  static let gateAxis: Int? = nil
  /// Of linen, which has no argument that leaves them out.
  static let hasAlwaysBiases = true
  static let layerFeatures: Set<LayerFeature> = Set(LayerFeature.allCases)

  /// A cell takes any function.
  static func refusal(of activation: Activation, ofGates: Bool, in kind: CellKind) -> String? { nil }

  static func activationCode(_ activation: Activation, ofGates: Bool, in cell: Cell<Double>) -> String? {
    let function: String? =
      switch activation {
      case .hardSigmoidKeras2: "lambda x: jnp.clip(0.2 * x + 0.5, 0, 1)"
      case .linear: "lambda x: x"
      case .softsign: "jax.nn.soft_sign"
      case .tanh, .relu, .sigmoid, .hardSigmoid, .selu, .softplus: "jax.nn.\(activation)"
      default: nil
      }
    return function.map { "\(ofGates ? "gate_fn" : "activation_fn")=\($0)" }
  }

  static func recurrentWeight(_ kind: CellKind) -> String { kind == .gru ? "hn/kernel" : "hi/kernel" }

  static func read(
    _ cell: CellDescription, _ reader: inout TensorReader
  ) throws(ConventionError) -> NativeGates {
    var gates: [Gate<Double>] = []
    for kind in gateOrder(cell.kind) {
      let (input, state) = ("i" + kind.rawValue, "h" + kind.rawValue)
      var gate = Gate(
        weightIH: try reader.matrix("\(input)/kernel", cell.inputSize, cell.hiddenSize).transposed(),
        weightHH: try reader.matrix("\(state)/kernel", cell.hiddenSize, cell.hiddenSize).transposed(),
        biasIH: nil, biasHH: nil)
      gate.biasIH = try reader.bias("\(cell.kind == .lstm ? state : input)/bias", [cell.hiddenSize])
      if kind == .new { gate.biasHH = try reader.bias("\(state)/bias", [cell.hiddenSize]) }
      gates.append(gate)
    }
    try expectAllOrNone(gates, cell)
    return NativeGates(gates: gates)
  }

  /// A cell has all its biases or none; a GRU's hn may be without.
  private static func expectAllOrNone(
    _ gates: [Gate<Double>], _ cell: CellDescription
  ) throws(ConventionError) {
    guard gates.contains(where: { $0.biasIH != nil || $0.biasHH != nil }) else { return }
    for (kind, gate) in zip(gateOrder(cell.kind), gates) where gate.biasIH == nil {
      throw ConventionError(
        tensor: "\(cell.kind == .lstm ? "h" : "i")\(kind.rawValue)/bias",
        expected: "shape (\(cell.hiddenSize))",
        found: "nothing")
    }
  }

  static func tensors(_ cell: Cell<Double>) -> [String: NativeTensor] {
    var tensors: [String: NativeTensor] = [:]
    for (kind, gate) in cell.withMergedGateBiases.gates {
      let (input, state) = ("i" + kind.rawValue, "h" + kind.rawValue)
      tensors["\(input)/kernel"] = NativeTensor(gate.weightIH.transposed())
      tensors["\(state)/kernel"] = NativeTensor(gate.weightHH.transposed())
      tensors["\(cell.kind == .lstm ? state : input)/bias"] = gate.biasIH.map(NativeTensor.init)
      if kind == .new { tensors["\(state)/bias"] = gate.biasHH.map(NativeTensor.init) }
    }
    return tensors
  }

  /// Source: `flax/linen/recurrent.py`. A kernel is `(in, H)`, and so the transpose of the W of these equations.
  static func notation(_ kind: CellKind) -> Notation {
    var notation = Notation(
      input: "x", state: ("h", "h′"),
      functions: ["σ": .recurrentActivation, "tanh": .activation, "f": .activation], equations: [],
      symbols: [])
    switch kind {
    case .rnn: notation.equations = [Equation("h′ = f(W_i x + b_i + W_h h)")]
    case .gru:
      notation.equations = [
        Equation("r = σ(W_ir x + b_ir + W_hr h)"), Equation("z = σ(W_iz x + b_iz + W_hz h)"),
        Equation("n = tanh(W_in x + b_in + r ⊙ (W_hn h + b_hn))"), Equation("h′ = (1 − z) ⊙ n + z ⊙ h"),
      ]
    case .lstm:
      notation.memory = ("c", "c′")
      notation.equations = [
        Equation("i = σ(W_ii x + W_hi h + b_hi)"), Equation("f = σ(W_if x + W_hf h + b_hf)"),
        Equation("g = tanh(W_ig x + W_hg h + b_hg)"), Equation("o = σ(W_io x + W_ho h + b_ho)"),
        Equation("c′ = f ⊙ c + i ⊙ g"), Equation("h′ = o ⊙ tanh(c′)"),
      ]
    }
    for gate in gateOrder(kind) {
      for side in ["i", "h"] {
        let name = side + letter(gate)
        notation.symbols += [
          Symbol("W_\(name)", "\(name)/kernel", transposed: true), Symbol("b_\(name)", "\(name)/bias"),
        ]
      }
    }
    return notation
  }
}
