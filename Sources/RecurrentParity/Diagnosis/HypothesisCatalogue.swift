import Recurrent

/// Every hypothesis that applies to a problem, the simplest first.
///
/// A hypothesis that would change nothing is not one: equal blocks, absent biases, square weights only.
struct HypothesisCatalogue {
  let context: DiagnosisContext

  private var problem: StepwiseProblem { context.problem }
  private var cell: Cell<Double> { context.problem.cell }

  /// What can explain a run alone.
  var singles: [Hypothesis] {
    all(gateOrders(GateBlocks.allCases))
  }

  /// What is tried in pairs: gate orders only of whole blocks.
  var forPairs: [Hypothesis] {
    all(gateOrders([.all]))
  }

  private func all(_ gateOrders: [Hypothesis]) -> [Hypothesis] {
    let kinds: [[Hypothesis]] = [
      biases, weights, formulas, activations, states, inputs, times, gateOrders,
    ]
    return kinds.flatMap { $0 }
  }

  // MARK: Parameters

  private var biases: [Hypothesis] {
    var all = [
      changing(Mistake(.biasHHIgnored), .bias) { _, gate in gate.biasHH = nil },
      changing(Mistake(.biasIHIgnored), .bias) { _, gate in gate.biasIH = nil },
      changing(Mistake(.biasDoubled), .bias) { _, gate in
        gate.biasIH = gate.biasIH?.map { 2 * $0 }
        gate.biasHH = gate.biasHH?.map { 2 * $0 }
      },
      changing(Mistake(.forgetBiasAdded), .bias) { kind, gate in
        guard kind == .forget else { return }
        gate.biasIH = (gate.biasIH ?? [Double](repeating: 0, count: gate.hiddenSize)).map { $0 + 1 }
      },
    ]
    if case .gru(let gru) = cell, gru.resetAfter {
      all.append(
        changing(Mistake(.biasesSwapped), .bias) { _, gate in
          (gate.biasIH, gate.biasHH) = (gate.biasHH, gate.biasIH)
        })
      all.append(
        changing(Mistake(.recurrentBiasMerged), .bias) { kind, gate in
          guard kind == .new, let recurrent = gate.biasHH else { return }
          gate.biasIH = gate.biasIH.map { zip($0, recurrent).map(+) } ?? recurrent
          gate.biasHH = nil
        })
    }
    return all.compactMap { $0 }
  }

  private var weights: [Hypothesis] {
    var all: [Hypothesis?] = []
    if cell.stateSize == cell.hiddenSize {
      let transposed = transposed(\.weightHH)
      all.append(
        changing(Mistake(.recurrentWeightsTransposed), .recurrentWeights) { kind, gate in
          gate.weightHH = transposed[kind] ?? gate.weightHH
        })
    }
    if cell.inputSize == cell.hiddenSize {
      let transposed = transposed(\.weightIH)
      all.append(
        changing(Mistake(.inputWeightsTransposed), .inputWeights) { kind, gate in
          gate.weightIH = transposed[kind] ?? gate.weightIH
        })
    }
    if cell.inputSize == cell.stateSize {
      all.append(
        changing(Mistake(.weightsSwapped), .inputWeights) { _, gate in
          (gate.weightIH, gate.weightHH) = (gate.weightHH, gate.weightIH)
        })
    }
    if let other = context.otherPass?.cell, other != cell {
      all.append(
        Hypothesis(mistake: Mistake(.directionsSwapped), aspect: .inputWeights) { problem in
          problem.cell = other
        })
    }
    return all.compactMap { $0 }
  }

  /// Of every gate. Whatever goes before in a pair leaves these weights as they are, so one transposition serves
  /// every hypothesis.
  private func transposed(_ weights: (Gate<Double>) -> Matrix<Double>) -> [GateKind: Matrix<Double>] {
    Dictionary(uniqueKeysWithValues: cell.gates.map { ($0.kind, weights($0.gate).transposed()) })
  }

  private func gateOrders(_ scopes: [GateBlocks]) -> [Hypothesis] {
    let stored = context.gateOrder
    guard stored.count > 1 else { return [] }
    return scopes.flatMap { scope in
      permutations(stored.indices.map { $0 }).compactMap { order -> Hypothesis? in
        // Stored block k was used as gate order[k].
        let letters = order.map { stored[$0].letter }.joined()
        let source = Dictionary(
          uniqueKeysWithValues: order.enumerated().map { (stored[$0.element].kind, stored[$0.offset].kind) })
        let gates = Dictionary(uniqueKeysWithValues: cell.gates.map { ($0.kind, $0.gate) })
        return changing(Mistake(.gateOrder, letters + scope.rawValue), .gateOrder) { kind, gate in
          guard let from = source[kind].flatMap({ gates[$0] }) else { return }
          scope.copy(from, into: &gate)
        }
      }
    }
  }

  // MARK: Formula

  private var formulas: [Hypothesis] {
    guard case .gru(let gru) = cell else { return [] }
    let reset = Hypothesis(
      mistake: Mistake(gru.resetAfter ? .resetBefore : .resetAfter), aspect: .formula
    ) {
      problem in
      guard case .gru(var gru) = problem.cell else { return }
      gru.resetAfter.toggle()
      problem.cell = .gru(gru)
    }
    let blend = Hypothesis(mistake: Mistake(.updateGateInverted), aspect: .formula) { problem in
      guard case .gru(var gru) = problem.cell else { return }
      gru.blend = gru.blend == .updateKeeps ? .updateTakes : .updateKeeps
      problem.cell = .gru(gru)
    }
    return [reset, blend]
  }

  private var activations: [Hypothesis] {
    let own: [Activation] = [.tanh, .relu, .sigmoid, .linear, .hardSigmoid].filter { $0 != cell.activation }
    let gates: [Activation] =
      cell.recurrentActivation == nil ? [] : [.sigmoid, .hardSigmoid, .hardSigmoidKeras2]
    let recurrent = gates.filter { $0 != cell.recurrentActivation }
    return own.map { activation in
      Hypothesis(mistake: Mistake(.activation, activation.description), aspect: .activation) {
        $0.cell = $0.cell.with(activation: activation)
      }
    }
      + recurrent.map { activation in
        Hypothesis(
          mistake: Mistake(.recurrentActivation, activation.description), aspect: .recurrentActivation
        ) {
          $0.cell = $0.cell.with(recurrentActivation: activation)
        }
      }
  }

  // MARK: States

  private var states: [Hypothesis] {
    var all: [Hypothesis] = []
    let own = problem.initialState ?? cell.zeroState(batch: problem.valid.batch)
    func starting(_ kind: Mistake.Kind, from state: State<Double>) {
      guard state != own, state.h.columns == own.h.columns else { return }
      all.append(Hypothesis(mistake: Mistake(kind), aspect: .initialState) { $0.initialState = state })
    }
    starting(.initialStateIgnored, from: cell.zeroState(batch: problem.valid.batch))
    if let other = context.otherPass {
      starting(
        .initialStateDirectionSwapped,
        from: other.initialState ?? cell.zeroState(batch: problem.valid.batch))
    }
    for state in context.otherLayersStates { starting(.initialStateLayerSwapped, from: state) }
    return all
  }

  // MARK: Inputs and time

  private var inputs: [Hypothesis] {
    var all = [
      feeding(Mistake(.inputTimeShifted)) { $0.shifted(by: 1) },
      feeding(Mistake(.inputTimeShifted, "-1")) { $0.shifted(by: -1) },
    ]
    guard let width = context.forwardWidth, width < cell.inputSize else { return all }
    if 2 * width == cell.inputSize {
      all.append(
        feeding(Mistake(.inputHalvesSwapped)) { $0.rearranged { Array($0[width...] + $0[..<width]) } })
    }
    all.append(
      feeding(Mistake(.layerInputHalf, "forward")) {
        $0.rearranged { $0[..<width] + $0[width...].map { _ in 0 } }
      })
    all.append(
      feeding(Mistake(.layerInputHalf, "backward")) {
        $0.rearranged { $0[..<width].map { _ in 0 } + $0[width...] }
      })
    return all
  }

  private var times: [Hypothesis] {
    var all: [Hypothesis] = []
    // What is known of padding is known of padding behind a sequence.
    if problem.direction == .backward, let lengths = problem.valid.lengths {
      all.append(
        Hypothesis(mistake: Mistake(.backwardNotReversed), aspect: .time) { problem in
          problem.target.reverse(lengths: lengths)
          problem.previous.reverse(lengths: lengths)
          problem.returned = problem.returned?.reversed(lengths: lengths)
        })
    }
    let timesteps = problem.input.values.timesteps
    if !problem.valid.areAll {
      all.append(
        Hypothesis(mistake: Mistake(.lengthsIgnored), aspect: .time) { problem in
          problem.valid = ValidSteps(all: timesteps, batch: problem.valid.batch)
        })
    }
    return all
  }

  // MARK: Building

  /// The hypothesis that every gate was changed so, or nil where that changes nothing.
  private func changing(
    _ mistake: Mistake, _ aspect: Hypothesis.Aspect,
    _ change: @escaping @Sendable (GateKind, inout Gate<Double>) -> Void
  ) -> Hypothesis? {
    guard !cell.changing(change).computesTheSame(as: cell) else { return nil }
    return Hypothesis(mistake: mistake, aspect: aspect) { $0.cell = $0.cell.changing(change) }
  }

  /// The hypothesis that the input was changed so. Nothing that goes before it in a pair changes the input, so it
  /// is made once.
  private func feeding(_ mistake: Mistake, _ change: (LayerInput) -> LayerInput) -> Hypothesis {
    let input = change(problem.input)
    return Hypothesis(mistake: mistake, aspect: .input) { $0.input = input }
  }

  /// Every order but the stored one.
  private func permutations(_ elements: [Int]) -> [[Int]] {
    func all(_ rest: [Int]) -> [[Int]] {
      rest.isEmpty
        ? [[]] : rest.indices.flatMap { i in all(rest.filter { $0 != rest[i] }).map { [rest[i]] + $0 } }
    }
    return all(elements).filter { $0 != elements }
  }
}

/// Which parts of the packed blocks a gate order concerns; the raw value is the hypothesis's suffix.
enum GateBlocks: String, CaseIterable, Sendable {
  case all = ""
  case bias = "@bias"
  case recurrent = "@recurrent"
  case input = "@input"

  func copy(_ source: Gate<Double>, into gate: inout Gate<Double>) {
    if self == .all || self == .input { gate.weightIH = source.weightIH }
    if self == .all || self == .recurrent { gate.weightHH = source.weightHH }
    if self == .all || self == .bias {
      gate.biasIH = source.biasIH
      gate.biasHH = source.biasHH
    }
  }
}

extension Cell<Double> {
  /// Equal up to biases of zero, which add nothing, and to the order in which two biases are added.
  fileprivate func computesTheSame(as other: Cell) -> Bool {
    zip(gates, other.gates).allSatisfy { a, b in
      func bias(_ values: [Double]?) -> [Double] { values ?? [Double](repeating: 0, count: hiddenSize) }
      return a.gate.weightIH == b.gate.weightIH && a.gate.weightHH == b.gate.weightHH
        && bias(a.gate.biasIH) == bias(b.gate.biasIH) && bias(a.gate.biasHH) == bias(b.gate.biasHH)
    }
  }

  /// The activation of the gates; a plain cell has none.
  public var recurrentActivation: Activation? {
    switch self {
    case .rnn: nil
    case .gru(let cell): cell.recurrentActivation
    case .lstm(let cell): cell.recurrentActivation
    }
  }

  fileprivate func with(activation: Activation? = nil, recurrentActivation: Activation? = nil) -> Cell {
    switch self {
    case .rnn(var cell):
      cell.activation = activation ?? cell.activation
      return .rnn(cell)
    case .gru(var cell):
      cell.activation = activation ?? cell.activation
      cell.recurrentActivation = recurrentActivation ?? cell.recurrentActivation
      return .gru(cell)
    case .lstm(var cell):
      cell.activation = activation ?? cell.activation
      cell.recurrentActivation = recurrentActivation ?? cell.recurrentActivation
      return .lstm(cell)
    }
  }
}

extension LayerInput {
  /// What was fed, `steps` later: zeros where nothing came before or after.
  fileprivate func shifted(by steps: Int) -> LayerInput {
    LayerInput(values: values.shifted(by: steps), spread: spread)
  }

  /// Every row as another of the same width.
  fileprivate func rearranged(_ row: @escaping @Sendable (ArraySlice<Double>) -> [Double]) -> LayerInput {
    let rearranged = values.mapped { _, window in
      stride(from: 0, to: window.elements.count, by: window.features).flatMap {
        row(ArraySlice(Array(window.elements[$0..<$0 + window.features])))
      }
    }
    return LayerInput(values: rearranged, spread: spread)
  }
}

extension RecordedStates {
  fileprivate mutating func reverse(lengths: [Int]) {
    h = h?.reversed(lengths: lengths)
    c = c?.reversed(lengths: lengths)
  }
}
