import Recurrent

/// Keras 2 and 3's `SimpleRNN`, `GRU` and `LSTM`: `kernel (I, G·H)`, `recurrent_kernel (H, G·H)`; `x @ W`.
///
/// One `bias (G·H)`; but a GRU with `reset_after` has `bias (2, 3H)`, the input's row before the recurrent one.
/// Source: `keras/src/layers/rnn/simple_rnn.py`, `gru.py`, `lstm.py`.
enum Keras: FrameworkRules {
  static let title = "Keras"
  static let formula = BiasFormula.oneBias
  static let gruOrder: [GateKind] = [.update, .reset, .new]
  static let lstmOrder: [GateKind] = [.input, .forget, .cell, .output]
  static let letters: [GateKind: String] = [.new: "h", .cell: "c"]
  static let gateAxis: Int? = -1
  static let features: Set<CellFeature> = [.resetBefore]
  static let layerFeatures: Set<LayerFeature> = Set(LayerFeature.allCases)

  /// A layer takes any function.
  static func refusal(of activation: Activation, ofGates: Bool, in kind: CellKind) -> String? { nil }

  static func activationCode(_ activation: Activation, ofGates: Bool, in cell: Cell<Double>) -> String? {
    let function: String? =
      switch activation {
      case .hardSigmoidKeras2: "lambda x: keras.ops.clip(0.2 * x + 0.5, 0, 1)"
      case .tanh, .relu, .sigmoid, .linear, .hardSigmoid, .selu, .softsign, .softplus:
        "'\(activation)'"
      default: nil
      }
    return function.map { "\(ofGates ? "recurrent_activation" : "activation")=\($0)" }
  }

  static func recurrentWeight(_ kind: CellKind) -> String { "recurrent_kernel" }

  static func read(
    _ cell: CellDescription, _ reader: inout TensorReader
  ) throws(ConventionError) -> NativeGates {
    let columns = cell.gateCount * cell.hiddenSize
    let kernel = try reader.matrix("kernel", cell.inputSize, columns)
    let recurrent = try reader.matrix("recurrent_kernel", cell.hiddenSize, columns)
    var packed = PackedGates(weightIH: kernel.transposed(), weightHH: recurrent.transposed())
    if cell.kind == .gru && cell.resetAfter {
      let both = try reader.bias("bias", [2, columns])
      packed.biasIH = both.map { Array($0[..<columns]) }
      packed.biasHH = both.map { Array($0[columns...]) }
    } else {
      packed.biasIH = try reader.bias("bias", [columns])
    }
    return NativeGates(gates: packed.gates(cell.gateCount))
  }

  static func tensors(_ cell: Cell<Double>) -> [String: NativeTensor] {
    let packed = PackedGates(cell.gates(in: gateOrder(cell.kind)))
    var tensors = [
      "kernel": NativeTensor(packed.weightIH.transposed()),
      "recurrent_kernel": NativeTensor(packed.weightHH.transposed()),
    ]
    if !cell.mergesBiases, packed.biasIH != nil || packed.biasHH != nil {
      let zeros = [Double](repeating: 0, count: packed.weightIH.rows)
      tensors["bias"] = NativeTensor(
        shape: [2, zeros.count], values: (packed.biasIH ?? zeros) + (packed.biasHH ?? zeros))
    } else {
      tensors["bias"] = packed.biasIH.map(NativeTensor.init)
    }
    return tensors
  }

  /// By the names of the weights in the documentation of `keras.layers.SimpleRNN`, `GRU` and `LSTM`, in the order of
  /// their `call`.
  static func notation(_ kind: CellKind) -> Notation {
    var notation = Notation(
      input: "x", state: ("h", "h"),
      functions: ["σ": .recurrentActivation, "tanh": .activation, "f": .activation], equations: [],
      symbols: [])
    switch kind {
    case .rnn: notation.equations = [Equation("h = f(x W + b + h U)")]
    case .gru:
      notation.equations = [
        Equation("z = σ(x W_z + b_z + h U_z + b′_z)", if: .resetAfter),
        Equation("r = σ(x W_r + b_r + h U_r + b′_r)", if: .resetAfter),
        Equation("hh = tanh(x W_h + b_h + r ⊙ (h U_h + b′_h))", if: .resetAfter),
        Equation("z = σ(x W_z + b_z + h U_z)", if: .resetBefore),
        Equation("r = σ(x W_r + b_r + h U_r)", if: .resetBefore),
        Equation("hh = tanh(x W_h + b_h + (r ⊙ h) U_h)", if: .resetBefore),
        Equation("h = z ⊙ h + (1 − z) ⊙ hh"),
      ]
    case .lstm:
      notation.memory = ("c", "c")
      notation.equations = [
        Equation("i = σ(x W_i + h U_i + b_i)"), Equation("f = σ(x W_f + h U_f + b_f)"),
        Equation("c = f ⊙ c + i ⊙ tanh(x W_c + h U_c + b_c)"), Equation("o = σ(x W_o + h U_o + b_o)"),
        Equation("h = o ⊙ tanh(c)"),
      ]
    }
    for (k, gate) in gateOrder(kind).enumerated() {
      let l = gate == .hidden ? "" : "_" + letter(gate)
      notation.symbols += [
        Symbol("W\(l)", "kernel", .whole, .block(k)), Symbol("U\(l)", "recurrent_kernel", .whole, .block(k)),
      ]
      // Of a GRU the bias has two rows or one; where it has one, its blocks are the input's.
      notation.symbols +=
        kind == .gru
        ? [
          Symbol("b\(l)", "bias", .index(0), .block(k), if: .resetAfter),
          Symbol("b′\(l)", "bias", .index(1), .block(k), if: .resetAfter),
          Symbol("b\(l)", "bias", .block(k), if: .resetBefore),
        ] : [Symbol("b\(l)", "bias", .block(k))]
    }
    return notation
  }
}
