import RandomNetworks
import Recurrent
import RecurrentConventions
import Testing

/// Where each gate lies in a convention's packed weights.
struct GatePacking: CustomTestStringConvertible, Sendable {
  let convention: Convention
  let kind: CellKind
  let order: [GateKind]

  var testDescription: String { "\(convention) \(kind)" }

  /// Sources: `torch.nn.GRU` and `LSTM` documentation (`weight_ih_l[k]`: W_ir|W_iz|W_in; W_ii|W_if|W_ig|W_io);
  /// `keras/src/layers/rnn/gru.py` and `lstm.py` (z, r, h; i, f, c, o); ONNX operators GRU and LSTM (zrh; iofc);
  /// `flax/linen/recurrent.py`; `mlx/nn/layers/recurrent.py` (r, z, n; i, f, g, o).
  static let all = [
    GatePacking(convention: .pytorch, kind: .gru, order: [.reset, .update, .new]),
    GatePacking(convention: .pytorch, kind: .lstm, order: [.input, .forget, .cell, .output]),
    GatePacking(convention: .keras, kind: .gru, order: [.update, .reset, .new]),
    GatePacking(convention: .keras, kind: .lstm, order: [.input, .forget, .cell, .output]),
    GatePacking(convention: .onnx, kind: .gru, order: [.update, .reset, .new]),
    GatePacking(convention: .onnx, kind: .lstm, order: [.input, .output, .forget, .cell]),
    GatePacking(convention: .flax, kind: .gru, order: [.reset, .update, .new]),
    GatePacking(convention: .flax, kind: .lstm, order: [.input, .forget, .cell, .output]),
    GatePacking(convention: .mlx, kind: .gru, order: [.reset, .update, .new]),
    GatePacking(convention: .mlx, kind: .lstm, order: [.input, .forget, .cell, .output]),
  ]
}

@Suite struct GatedConventionTests {
  private static let (input, hidden) = (2, 3)

  @Test("Each gate is read from the block where the framework documents it", arguments: GatePacking.all)
  func gateBlocks(_ packing: GatePacking) throws {
    let (I, H, G) = (Self.input, Self.hidden, packing.order.count)
    // Whatever the shape, every value of block k is k, of the recurrent weights 10 + k, of the biases 20 + k
    // and 30 + k.
    func rows(_ base: Double, _ width: Int) -> [Double] {
      (0..<G).flatMap { k in [Double](repeating: base + Double(k), count: H * width) }
    }
    func columns(_ base: Double, _ depth: Int) -> [Double] { (0..<depth).flatMap { _ in rows(base, 1) } }
    let tensors: [String: NativeTensor] =
      switch packing.convention {
      case .pytorch:
        [
          "weight_ih": NativeTensor(shape: [G * H, I], values: rows(0, I)),
          "weight_hh": NativeTensor(shape: [G * H, H], values: rows(10, H)),
          "bias_ih": NativeTensor(shape: [G * H], values: rows(20, 1)),
          "bias_hh": NativeTensor(shape: [G * H], values: rows(30, 1)),
        ]
      case .onnx:
        [
          "W": NativeTensor(shape: [G * H, I], values: rows(0, I)),
          "R": NativeTensor(shape: [G * H, H], values: rows(10, H)),
          "B": NativeTensor(shape: [2 * G * H], values: rows(20, 1) + rows(30, 1)),
        ]
      case .keras:
        [
          "kernel": NativeTensor(shape: [I, G * H], values: columns(0, I)),
          "recurrent_kernel": NativeTensor(shape: [H, G * H], values: columns(10, H)),
          "bias": packing.kind == .gru
            ? NativeTensor(shape: [2, G * H], values: rows(20, 1) + rows(30, 1))
            : NativeTensor(shape: [G * H], values: rows(20, 1)),
        ]
      case .flax: flax(packing)
      case .mlx:
        [
          "Wx": NativeTensor(shape: [G * H, I], values: rows(0, I)),
          "Wh": NativeTensor(shape: [G * H, H], values: rows(10, H)),
          packing.kind == .gru ? "b" : "bias": NativeTensor(shape: [G * H], values: rows(20, 1)),
        ].merging(packing.kind == .gru ? ["bhn": NativeTensor(shape: [H], values: [32, 32, 32])] : [:]) { $1 }
      }
    let description = CellDescription(kind: packing.kind, inputSize: I, hiddenSize: H)
    let cell = try packing.convention.cell(description, from: tensors)
    #expect(packing.convention.gateOrder(packing.kind) == packing.order)
    #expect(cell.gates.count == G)
    for (kind, gate) in cell.gates {
      let k = Double(try #require(packing.order.firstIndex(of: kind)))
      #expect(gate.weightIH.elements.allSatisfy { $0 == k })
      #expect(gate.weightHH.elements.allSatisfy { $0 == 10 + k })
      #expect(gate.biasIH == [Double](repeating: 20 + k, count: H))
      let hasSecond =
        switch packing.convention {
        case .pytorch, .onnx: true
        case .keras: packing.kind == .gru
        case .flax, .mlx: kind == .new
        }
      #expect(gate.biasHH == (hasSecond ? [Double](repeating: 30 + k, count: H) : nil))
    }
  }

  /// As the rule above has it, by the names of `flax/linen/recurrent.py`.
  private func flax(_ packing: GatePacking) -> [String: NativeTensor] {
    let (I, H) = (Self.input, Self.hidden)
    let letters = packing.kind == .gru ? ["r", "z", "n"] : ["i", "f", "g", "o"]
    var tensors: [String: NativeTensor] = [:]
    for (index, letter) in letters.enumerated() {
      func tensor(_ base: Int, _ shape: [Int]) -> NativeTensor {
        NativeTensor(
          shape: shape, values: [Double](repeating: Double(base + index), count: shape.reduce(1, *)))
      }
      tensors["i\(letter)/kernel"] = tensor(0, [I, H])
      tensors["h\(letter)/kernel"] = tensor(10, [H, H])
      tensors["\(packing.kind == .gru ? "i" : "h")\(letter)/bias"] = tensor(20, [H])
      if letter == "n" { tensors["hn/bias"] = tensor(30, [H]) }
    }
    return tensors
  }

  @Test("A Flax GRU without a bias of hn, as nnx has it, has none")
  func nnxGRU() throws {
    let cell = random(.gruResetAfter, .oneBias).changing { $1.biasHH = nil }
    let tensors = try Convention.flax.tensors(of: cell)
    #expect(tensors["hn/bias"] == nil && tensors["in/bias"] != nil)
    #expect(try Convention.flax.cell(description(.gruResetAfter), from: tensors) == cell)
    // MLX has both or neither, and Keras two rows.
    let zeros = NativeTensor(shape: [Self.hidden], values: [0, 0, 0])
    #expect(try Convention.mlx.tensors(of: cell)["bhn"] == zeros)
    #expect(try Convention.keras.tensors(of: cell)["bias"]?.shape == [2, 3 * Self.hidden])
  }

  @Test("Peepholes are i's, o's and f's of ONNX, come back as they were, and are refused elsewhere")
  func peepholes() throws {
    var cell = random(.lstm, .twoBias)
    cell = cell.changing { kind, gate in
      let values: [GateKind: [Double]] = [.input: [1, 2, 3], .output: [4, 5, 6], .forget: [7, 8, 9]]
      gate.peephole = values[kind]
    }
    let tensors = try Convention.onnx.tensors(of: cell)
    #expect(tensors["P"] == NativeTensor(shape: [9], values: [1, 2, 3, 4, 5, 6, 7, 8, 9]))
    #expect(try Convention.onnx.cell(description(.lstm), from: tensors) == cell)
    #expect(tensors.values.reduce(0) { $0 + $1.values.count } == cell.parameterCount)
    for convention in Convention.allCases where convention != .onnx {
      let error = #expect(throws: ConventionError.self) {
        try convention.tensors(of: cell.converted(to: convention.formula))
      }
      #expect(error?.expected.hasPrefix("no peepholes") ?? false)
    }
  }

  @Test(
    "A cell written in a convention and read again is the same cell, with biases and without",
    arguments: Convention.allCases, CellVariant.allCases)
  func roundTrip(_ convention: Convention, _ variant: CellVariant) throws {
    guard convention.has(variant) else { return }
    for hasBias in [true, false] {
      var cell = random(variant, convention.formula)
      if convention.mergesGateBiases { cell = cell.changing { if $0 != .new { $1.biasHH = nil } } }
      if !hasBias { cell = cell.changing { ($1.biasIH, $1.biasHH) = (nil, nil) } }
      let tensors = try convention.tensors(of: cell)
      #expect(try convention.cell(description(variant), from: tensors) == cell)
      // And no two values of the cell come to lie in one place.
      #expect(tensors.values.reduce(0) { $0 + $1.values.count } == cell.parameterCount)
    }
  }

  @Test(
    "A cell carried to any other convention and back computes the same function",
    arguments: Convention.allCases, CellVariant.allCases)
  func carriedOver(_ to: Convention, _ variant: CellVariant) throws {
    for from in Convention.allCases where from.has(variant) && to.has(variant) {
      let cell = random(variant, from.formula)
      let there = try to.cell(
        description(variant), from: try to.tensors(of: cell.converted(to: to.formula)))
      let back = try from.cell(
        description(variant), from: try from.tensors(of: there.converted(to: from.formula)))
      // Weights are never touched; biases at most summed.
      #expect(zip(back.gates, cell.gates).allSatisfy { $0.gate.weightIH == $1.gate.weightIH })
      #expect(zip(back.gates, cell.gates).allSatisfy { $0.gate.weightHH == $1.gate.weightHH })
      for ((kind, a), (_, b)) in zip(back.gates, cell.gates) {
        let merges =
          kind == .new && !cell.mergesBiases
          ? false
          : cell.mergesBiases && from.formula != to.formula || to.mergesGateBiases || from.mergesGateBiases
        #expect(merges ? a.biasSum == b.biasSum : (a.biasIH == b.biasIH && a.biasHH == b.biasHH), "\(kind)")
      }
    }
  }

  @Test("A GRU that resets after the product keeps b_hn apart in every convention")
  func recurrentBias() throws {
    let cell = random(.gruResetAfter, .twoBias)
    #expect(!cell.mergesBiases)
    for formula in [BiasFormula.oneBias, .twoBias] {
      let gates = cell.converted(to: formula).gates
      #expect(gates.map(\.gate.biasIH) == cell.gates.map(\.gate.biasIH))
      #expect(gates.map(\.gate.biasHH) == cell.gates.map(\.gate.biasHH))
    }
    for variant in [CellVariant.gruResetBefore, .lstm, .rnn] {
      let merged = random(variant, .twoBias).converted(to: .oneBias)
      #expect(merged.mergesBiases)
      #expect(merged.gates.allSatisfy { $0.gate.biasHH == nil })
      #expect(merged.gates.map(\.gate.biasIH) == random(variant, .twoBias).gates.map(\.gate.biasSum))
    }
  }

  @Test("A cell that a framework does not have is refused in its name")
  func refused() throws {
    for convention in Convention.allCases {
      for variant in CellVariant.allCases where !convention.has(variant) {
        let source: Convention = variant == .lstmProjected ? .pytorch : .onnx
        let cell = random(variant, .twoBias)
        let tensors = try source.tensors(of: cell)
        let error = #expect(throws: ConventionError.self) {
          try convention.cell(description(variant), from: tensors)
        }
        let expected =
          variant == .lstmProjected ? "no projection" : "reset_after true, as every "
        #expect(error?.expected.hasPrefix(expected) ?? false)
        // Nor is it written.
        guard variant != .lstmProjected || convention.formula == .twoBias else { continue }
        let refusal = #expect(throws: ConventionError.self) {
          try convention.tensors(of: cell.converted(to: convention.formula))
        }
        #expect(refusal == error)
      }
    }
  }

  @Test("A gate has the framework's own letter")
  func letters() {
    let letters = { (convention: Convention, kind: CellKind) in
      convention.gateOrder(kind).map(convention.letter).joined()
    }
    #expect(letters(.pytorch, .gru) == "rzn" && letters(.pytorch, .lstm) == "ifgo")
    #expect(letters(.keras, .gru) == "zrh" && letters(.keras, .lstm) == "ifco")
    #expect(letters(.onnx, .gru) == "zrh" && letters(.onnx, .lstm) == "iofc")
    #expect(letters(.flax, .gru) == "rzn" && letters(.flax, .lstm) == "ifgo")
    #expect(letters(.mlx, .gru) == "rzn" && letters(.mlx, .lstm) == "ifgo")
  }

  private func random(_ variant: CellVariant, _ formula: BiasFormula) -> Cell<Double> {
    var numbers = Randomness(seed: 60)
    return variant.cell(formula, input: Self.input, hidden: Self.hidden, random: &numbers)
  }

  private func description(_ variant: CellVariant) -> CellDescription {
    CellDescription(variant, input: Self.input, hidden: Self.hidden)
  }
}

extension Convention {
  /// Whether the framework has that cell.
  fileprivate func has(_ variant: CellVariant) -> Bool {
    switch variant {
    case .rnn, .gruResetAfter, .lstm: true
    case .gruResetBefore: self == .keras || self == .onnx
    case .lstmProjected: self == .pytorch
    }
  }

  /// Whether it has one bias for each gate, and a second only in a GRU's n.
  fileprivate var mergesGateBiases: Bool { self == .flax || self == .mlx }
}

extension CellDescription {
  init(_ variant: CellVariant, input: Int, hidden: Int) {
    let kind: CellKind =
      switch variant {
      case .rnn: .rnn
      case .gruResetAfter, .gruResetBefore: .gru
      case .lstm, .lstmProjected: .lstm
      }
    self.init(
      kind: kind, inputSize: input, hiddenSize: hidden, resetAfter: variant != .gruResetBefore,
      projectionSize: variant == .lstmProjected ? variant.stateSize(hidden) : nil)
  }
}

extension Gate<Double> {
  fileprivate var biasSum: [Double] {
    let zeros = [Double](repeating: 0, count: hiddenSize)
    return zip(biasIH ?? zeros, biasHH ?? zeros).map(+)
  }
}
