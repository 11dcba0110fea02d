import Recurrent
import RecurrentConventions
import RecurrentParity

/// Somebody who makes cases by what is public, and is wrong wherever that is possible: in shapes, sizes, values, counts,
/// options and names.
struct CarelessUser {
  var chance: Chance
  /// How often anything is wrong.
  let carelessness: Double
  /// T, B, I and H as they are meant.
  private let T: Int
  private let B: Int
  private let I: Int
  private let H: Int
  private let kind: CellKind
  private let convention: Convention
  private let isProjected: Bool

  init(seed: UInt64) {
    chance = Chance(seed: seed)
    // Some make one mistake or none, some many.
    carelessness = chance.one(of: [0, 0.003, 0.01, 0.05])
    (T, B) = (chance.number(1...4), chance.number(1...3))
    (I, H) = (chance.number(1...4), chance.number(1...4))
    kind = chance.one(of: CellKind.allCases)
    convention = chance.one(of: Convention.allCases)
    let isProjected = chance.happens(0.3)
    self.isProjected = kind == .lstm && convention == .pytorch && isProjected
  }

  private var P: Int { isProjected ? max(1, H - 1) : H }

  private mutating func errs() -> Bool { chance.happens(carelessness) }

  // MARK: Numbers

  private mutating func size(_ meant: Int) -> Int {
    errs() ? chance.one(of: [0, -1, meant + 1, meant - 1, 1 << 20, 1 << 62, .max, .min]) : meant
  }

  private mutating func value() -> Double {
    if errs() {
      return chance.one(of: [
        .nan, .infinity, -.infinity, 1e308, -1e300, Double.leastNonzeroMagnitude, -0.0, 0x1p-1030, 3e38, 1,
        -1,
      ])
    }
    return Double(chance.number(-128...128)) / 128
  }

  private mutating func values(_ count: Int) -> [Double] {
    var count = count
    if errs() { count = chance.one(of: [0, count + 1, max(0, count - 1), 1]) }
    return (0..<count).map { _ in value() }
  }

  /// A matrix whose storage may be of another size than its shape.
  private mutating func matrix(_ rows: Int, _ columns: Int) -> Matrix<Double> {
    let (rows, columns) = (smallSize(rows), smallSize(columns))
    var matrix = Matrix<Double>(zeros: rows, columns)
    matrix.elements = values(rows * columns)
    return matrix
  }

  /// One that a program can allocate.
  private mutating func smallSize(_ meant: Int) -> Int {
    errs() ? chance.one(of: [0, meant + 1, max(0, meant - 1), 17]) : meant
  }

  private mutating func sequence(_ features: Int) throws -> RecordedSequence {
    let (t, b, d) = (size(T), size(B), size(features))
    let elements = values(T * B * features)
    switch chance.number(0...3) {
    case 0: return try RecordedSequence(timesteps: t, batch: b, features: d, elements: elements)
    case 1:
      return try RecordedSequence(timesteps: t, batch: b, features: d, elements: elements.map(Float.init))
    #if !(os(macOS) && arch(x86_64))
      case 2:
        return try RecordedSequence(
          timesteps: t, batch: b, features: d, elements: elements.map { Float16($0) })
    #endif
    default:
      var sequence = BatchedSequence<Float>(zeros: smallSize(T), smallSize(B), smallSize(features))
      sequence.elements = elements.map(Float.init)
      return try RecordedSequence(sequence)
    }
  }

  // MARK: Cells

  private mutating func activation() -> Activation {
    if errs() {
      return chance.one(of: [
        .elu(alpha: -1), .elu(alpha: .nan), .leakyRelu(alpha: .infinity), .other(.gelu), .other(.sine),
        .hardSigmoidONNX(alpha: -.infinity, beta: 0), .hardSigmoidONNX(alpha: 1, beta: .nan),
        .elu(alpha: 1e308), .leakyRelu(alpha: 0),
      ])
    }
    return chance.one(of: [.tanh, .sigmoid, .relu, .linear, .hardSigmoid, .softplus, .elu(alpha: 0.5), .tanh])
  }

  private mutating func tensor(_ shape: [Int]) -> NativeTensor {
    let values = values(shape.reduce(1, *))
    return NativeTensor(shape: shape.map { size($0) }, values: values)
  }

  private mutating func weights(_ kind: CellKind, input: Int) -> [String: NativeTensor] {
    let G = [.rnn: 1, .gru: 3, .lstm: 4][kind] ?? 1
    var tensors: [String: NativeTensor] = [:]
    func put(_ name: String, _ shape: [Int], _ user: inout CarelessUser) {
      if user.errs() { return }
      tensors[user.errs() ? name + "_" : name] = user.tensor(shape)
    }
    let hasBias = chance.happens(0.7)
    switch convention {
    case .pytorch:
      put("weight_ih", [G * H, input], &self)
      put("weight_hh", [G * H, P], &self)
      if hasBias { for name in ["bias_ih", "bias_hh"] { put(name, [G * H], &self) } }
      if isProjected { put("weight_hr", [P, H], &self) }
    case .keras:
      put("kernel", [input, G * H], &self)
      put("recurrent_kernel", [H, G * H], &self)
      if hasBias { put("bias", kind == .gru ? [2, G * H] : [G * H], &self) }
    case .onnx:
      put("W", [G * H, input], &self)
      put("R", [G * H, H], &self)
      if hasBias { put("B", [2 * G * H], &self) }
      if kind == .lstm, chance.happens(0.3) { put("P", [3 * H], &self) }
    case .flax:
      let gates = [.rnn: [""], .gru: ["r", "z", "n"], .lstm: ["i", "f", "g", "o"]][kind] ?? []
      for gate in gates {
        put("i\(gate)/kernel", [input, H], &self)
        put("h\(gate)/kernel", [H, H], &self)
        if hasBias { put(kind == .lstm ? "h\(gate)/bias" : "i\(gate)/bias", [H], &self) }
        if hasBias, gate == "n" { put("hn/bias", [H], &self) }
      }
    case .mlx:
      put("Wx", [G * H, input], &self)
      put("Wh", [G * H, H], &self)
      if hasBias {
        for name in kind == .gru ? ["b", "bhn"] : ["bias"] {
          put(name, kind == .gru && name == "bhn" ? [H] : [G * H], &self)
        }
      }
    }
    return tensors
  }

  private mutating func description(_ kind: CellKind, input: Int) -> CellDescription {
    CellDescription(
      kind: kind, inputSize: size(input), hiddenSize: size(H), activation: activation(),
      recurrentActivation: chance.happens(0.8) ? .sigmoid : activation(),
      outputActivation: kind == .lstm && chance.happens(0.1) ? activation() : nil,
      clip: errs() ? chance.one(of: [0, -1, .nan, .infinity, 2]) : nil,
      inputForget: errs(), resetAfter: !errs(), projectionSize: isProjected ? size(P) : nil)
  }

  /// A cell, most often as a framework has it, whose parts are then replaced.
  private mutating func cell(input: Int, isSpoiled: Bool = true) throws -> Cell<Double> {
    let kind = errs() ? chance.one(of: CellKind.allCases) : kind
    let cell = try convention.cell(
      description(kind, input: input), from: weights(kind, input: input))
    guard isSpoiled, errs() else { return cell }
    var changed = cell
    switch cell {
    case .rnn(var rnn):
      spoil(&rnn.gate)
      if errs() { rnn.zoneout = 0.5 }
      if errs() { rnn.clip = -1 }
      if errs() { rnn.formula = chance.one(of: [.oneBias, .twoBias]) }
      changed = .rnn(rnn)
    case .gru(var gru):
      spoil(&gru.new)
      if errs() { spoil(&gru.reset) }
      if errs() { gru.blend = .updateTakes }
      if errs() { gru.zoneout = .nan }
      if errs() { gru.resetAfter.toggle() }
      if errs() { gru.formula = chance.one(of: [.oneBias, .twoBias]) }
      changed = .gru(gru)
    case .lstm(var lstm):
      spoil(&lstm.input)
      if errs() { spoil(&lstm.cell) }
      if errs() { lstm.weightHR = matrix(P, H) }
      if errs() { lstm.departure.zoneout = 0.1 }
      if errs() { lstm.departure.cellClip = .nan }
      if errs() { lstm.outputActivation = activation() }
      if errs() { lstm.formula = chance.one(of: [.oneBias, .twoBias]) }
      changed = .lstm(lstm)
    }
    return changed
  }

  private mutating func spoil(_ gate: inout Gate<Double>) {
    switch chance.number(0...6) {
    case 0: gate.weightIH = matrix(gate.weightIH.rows, gate.weightIH.columns)
    case 1: gate.weightHH = matrix(gate.weightHH.rows, gate.weightHH.columns)
    case 2: gate.biasIH = chance.happens(0.5) ? nil : values(gate.weightIH.rows)
    case 3: gate.biasHH = chance.happens(0.5) ? nil : values(gate.weightIH.rows)
    case 4: gate.peephole = chance.happens(0.5) ? [] : values(gate.weightIH.rows)
    case 5: gate.weightIH.elements = []
    default: gate.weightHH = gate.weightIH
    }
  }

  // MARK: Passes

  private mutating func state() -> State<Double> {
    let isLSTM = errs() ? chance.happens(0.5) : kind == .lstm
    return State(h: matrix(B, P), c: isLSTM && !errs() ? matrix(B, H) : nil)
  }

  private mutating func pass(_ direction: Direction, input: Int, evidence: Int) throws -> RecordedPass {
    let declared = chance.happens(0.1) || errs() ? chance.one(of: DeclaredPrecision.allCases) : nil
    let decimals = errs() ? chance.one(of: [-1, 0, 3, 17, 18, .max]) : nil
    let initial = chance.happens(0.5) ? state() : nil
    if chance.happens(0.2), evidence == 0 {
      // In one scalar type.
      let cell = try cell(input: input, isSpoiled: false).converted(to: Float.self)
      var h = BatchedSequence<Float>(zeros: smallSize(T), smallSize(B), smallSize(P))
      if errs() { h.elements.append(0) }
      var c = kind == .lstm ? BatchedSequence<Float>(zeros: smallSize(T), smallSize(B), smallSize(H)) : nil
      if errs() { c = nil }
      let state = State<Float>(
        h: Matrix(zeros: smallSize(B), smallSize(P)),
        c: kind == .lstm ? Matrix(zeros: smallSize(B), smallSize(H)) : nil)
      return try RecordedPass(
        direction: direction, cell: cell, initialState: chance.happens(0.5) ? state : nil,
        states: States(h: h, c: c), finalState: chance.happens(0.5) ? state : nil, declared: declared,
        decimals: decimals)
    }
    let states = RecordedStates(
      h: evidence == 0 ? try sequence(P) : nil,
      c: (kind == .lstm ? evidence == 0 && !chance.happens(0.2) : errs()) ? try sequence(H) : nil)
    let last = state()
    let final = evidence == 1 || errs() ? ReturnedState(h: last.h, c: last.c) : ReturnedState()
    let format: FloatFormat? = errs() ? chance.one(of: [.float16, .bfloat16, .tf32, .float64]) : nil
    let source = chance.happens(0.2) ? chance.one(of: StateSource.allCases) : nil
    if chance.happens(0.5), !isProjected {
      return try RecordedPass(
        direction: direction, weights: weights(kind, input: input), convention: convention,
        description: description(kind, input: input), initialState: initial, states: states,
        finalState: final, finalStateFormat: format, declared: declared, initialStateSource: source,
        decimals: decimals)
    }
    return try RecordedPass(
      direction: direction, cell: cell(input: input), initialState: initial, states: states,
      finalState: final, finalStateFormat: format, declared: declared, initialStateSource: source,
      decimals: decimals)
  }

  // MARK: Layers

  private mutating func lengths() -> [Int]? {
    guard chance.happens(0.2) || errs() else { return nil }
    return (0..<smallSize(B)).map { _ in
      errs() ? chance.one(of: [-1, T + 1, .max, .min]) : chance.number(0...T)
    }
  }

  private mutating func mask() -> [Bool]? {
    guard chance.happens(0.1) || errs() else { return nil }
    return (0..<smallSize(T * B)).map { _ in chance.happens(0.8) }
  }

  private mutating func layer(_ index: Int, input: Int) throws -> RecordedLayer {
    let isTwo = isBidirectional
    // States, final states, the output alone, nothing.
    let evidence = chance.one(of: [0, 0, 0, 1, 2, 3])
    var directions: [Direction] = isTwo ? [.forward, .backward] : [chance.one(of: Direction.allCases)]
    if errs() { directions = chance.one(of: [[], [.backward, .forward], [.forward, .forward, .backward]]) }
    let passes = try directions.map { try pass($0, input: input, evidence: evidence) }
    let merge = errs() ? chance.one(of: MergeMode.allCases) : .concat
    let width = merge == .concat && isTwo ? 2 * P : P
    let recordsInput = chance.happens(0.3)
    let (lengths, mask) = recordsInput || errs() ? (lengths(), mask()) : (nil, nil)
    return try RecordedLayer(
      name: "layer \(index)", passes: passes, merge: merge, input: recordsInput ? sequence(input) : nil,
      lengths: lengths, mask: mask, output: evidence == 2 || chance.happens(0.2) ? sequence(width) : nil,
      emptyFinal: chance.one(of: EmptyFinal.allCases),
      otherOptions: errs() ? ["zoneout": "0.1", "": ""] : [:], pair: errs() ? "a pair" : nil)
  }

  private var isBidirectional: Bool { (T + B + I + H) % 2 == 0 }

  private mutating func reference(_ name: String) throws -> Reference {
    let count = errs() ? 0 : chance.number(1...2)
    let width = isBidirectional ? 2 * P : P
    let layers = try (0..<count).map { try layer($0, input: $0 == 0 ? I : width) }
    return try Reference(
      name: errs() ? chance.one(of: ["", ".", "a/b", "a\0b", "\u{202e}", name]) : name, framework: "swift",
      convention: errs() ? chance.one(of: Convention.allCases) : convention,
      environment: errs() ? "no JSON" : nil, layers: layers)
  }

  /// A case, if it is one.
  mutating func parityCase() throws -> ParityCase {
    let names = errs() ? [] : Array(["a", errs() ? "a" : "b", "c"].prefix(chance.number(1...2)))
    let references = try names.map { try reference($0) }
    let (lengths, mask) = (lengths(), mask())
    var parityCase = try ParityCase(
      name: errs() ? "" : "careless", seed: errs() ? .min : nil,
      input: chance.happens(0.95) ? sequence(I) : nil, lengths: lengths, mask: mask, references: references)
    if chance.happens(0.2) { parityCase = try parityCase.adding(reference("z")) }
    return parityCase
  }

  mutating func options() -> JudgingOptions {
    JudgingOptions(
      references: errs() ? ["nobody"] : nil, layers: errs() ? [-1, 0, 7] : nil, original: errs() ? "a" : nil,
      tolerance: errs() ? Tolerance(atol: .nan, rtol: -1) : nil, diagnoses: chance.happens(0.3),
      runsFreely: chance.happens(0.8), measuresGrowth: errs(),
      windowBytes: errs() ? chance.one(of: [0, -1, 1, .max, .min]) : 64 << 20)
  }
}
