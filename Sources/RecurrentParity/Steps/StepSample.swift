import Recurrent

extension StepwiseProblem {
  /// Some steps of a problem whose past is recorded, as a problem of its own: one timestep of as many sequences, each
  /// with its past as the initial state. It is in memory, whatever the length of the pass.
  func sampled(_ steps: [StepIndex]) -> StepwiseProblem {
    precondition(isTeacherForced)
    func rows(_ sequence: RecordedSequence, _ row: (StepIndex) -> ArraySlice<Double>?) -> [Double] {
      steps.flatMap { row($0) ?? ArraySlice(repeating: 0, count: sequence.features) }
    }
    func gathered(_ sequence: RecordedSequence) -> RecordedSequence {
      RecordedSequence(
        BatchedSequence(
          timesteps: 1, batch: steps.count, features: sequence.features,
          elements: rows(sequence) { sequence.row($0.t, $0.b) }), storage: sequence.storage)
    }
    func pasts(_ kind: StateKind) -> Matrix<Double>? {
      previous[kind].map { sequence in
        Matrix(
          rows: steps.count, columns: sequence.features, elements: rows(sequence) { past(kind, $0) })
      }
    }
    var sample = self
    sample.direction = .forward
    sample.valid = ValidSteps(all: 1, batch: steps.count)
    sample.chosen = nil
    sample.carrying = nil
    sample.input = LayerInput(
      values: gathered(input.values),
      spread: input.spread.map { (gathered($0.radius), gathered($0.scale)) }, sampledFrom: input)
    sample.target = RecordedStates(h: target.h.map(gathered), c: target.c.map(gathered))
    // Only their widths are read: all pasts are initial states.
    sample.previous = RecordedStates(h: previous.h.map(gathered), c: previous.c.map(gathered))
    if let h = pasts(.h) { sample.initialState = State(h: h, c: pasts(.c)) }
    sample.returned = nil
    sample.finalState = ReturnedState()
    sample.emptyFinal = nil
    return sample
  }

  /// The same, of the first units if only these are wanted.
  func sampled(_ steps: [StepIndex], leading units: Int?) -> StepwiseProblem {
    let sample = sampled(steps)
    return units.map(sample.leading) ?? sample
  }

  /// Whether some units can be evaluated without the others: not those that other units' gates or a projection go into.
  var hasSeparableUnits: Bool {
    guard isTeacherForced else { return false }
    return switch cell {
    case .rnn: true
    case .gru(let cell): cell.resetAfter
    case .lstm(let cell): cell.weightHR == nil
    }
  }

  /// The first units of a sample alone; their gates see all of the past.
  private func leading(_ units: Int) -> StepwiseProblem {
    precondition(hasSeparableUnits && units <= cell.hiddenSize)
    func leading(_ sequence: RecordedSequence) -> RecordedSequence {
      let whole = sequence.whole
      return RecordedSequence(
        BatchedSequence(
          timesteps: whole.timesteps, batch: whole.batch, features: units,
          elements: whole.elements.columns(0..<units, of: whole.features)), storage: sequence.storage)
    }
    var part = self
    part.cell = cell.leading(units)
    part.target = RecordedStates(h: target.h.map(leading), c: target.c.map(leading))
    return part
  }

  /// Holds the recorded states of the chosen steps against the formula, some steps at a time: where few of a window are
  /// chosen, these alone are read.
  func evaluateChosen(
    in arithmetic: ErrorModel, rounding: OperandRounding?, _ body: (StepwiseResult) -> Void
  ) {
    var evaluator = BoundEvaluator(self, in: arithmetic, rounding: rounding)
    var judgeable = JudgeableSteps(self)
    let chosen = Dictionary(grouping: chosen ?? []) { $0.t }
    var left = chosen.count
    for times in windowsInOrder {
      guard left > 0 else { return }
      let inside =
        times.count > chosen.count
        ? chosen.keys.filter(times.contains).sorted().flatMap { chosen[$0] ?? [] }
        : times.flatMap { chosen[$0] ?? [] }
      left -= Set(inside.map(\.t)).count
      if isTeacherForced, inside.isEmpty { continue }
      if isTeacherForced, 8 * inside.count < times.count {
        body(evaluated(sampling: inside, in: arithmetic, rounding: rounding))
        continue
      }
      let window = ProblemWindow(self, times)
      for result in evaluator.results(window, steps: judgeable.split(window).judged, { $0 }) { body(result) }
    }
  }

  private func evaluated(
    sampling steps: [StepIndex], in arithmetic: ErrorModel, rounding: OperandRounding?
  ) -> StepwiseResult {
    var result = sampled(steps).evaluated(in: arithmetic, rounding: rounding)
    result.steps = result.steps.map { steps[$0.b] }
    return result
  }

  /// A few steps to try a hypothesis on: the first flagged ones in processing order, and some from everywhere.
  func probedSteps(_ flagged: Set<Int>) -> [StepIndex] {
    let order = direction == .forward ? flagged.sorted() : flagged.sorted(by: >)
    let chosen = chosen.map(Set.init)
    let first = order.prefix(2).sorted().flatMap { t in
      (0..<valid.batch).map { StepIndex(t: t, b: $0) }.filter {
        valid.contains(t, $0.b) && chosen?.contains($0) ?? true
      }
    }.prefix(4)
    // The later of them come first: where a run begins, states of zero hide what is wrong with their weights.
    let early = direction == .forward ? Array(first.reversed()) : Array(first)
    let count = stepCount
    return early + steps(numbers: [0, max(1, count / 2)].filter { $0 < count })
  }

}

extension StepwiseProblem {
  /// How many steps are judged.
  var stepCount: Int { chosen?.count ?? valid.counts.reduce(0, +) }

  /// Some of them by their numbers in the order of time, which ascend.
  func steps(numbers: [Int]) -> [StepIndex] {
    if let chosen { return numbers.map { chosen[$0] } }
    if valid.areAll { return numbers.map { StepIndex(t: $0 / valid.batch, b: $0 % valid.batch) } }
    var (found, before) = ([StepIndex](), 0)
    for t in 0..<valid.timesteps where found.count < numbers.count {
      let sequences = (0..<valid.batch).filter { valid.contains(t, $0) }
      while found.count < numbers.count, numbers[found.count] < before + sequences.count {
        found.append(StepIndex(t: t, b: sequences[numbers[found.count] - before]))
      }
      before += sequences.count
    }
    return found
  }
}

extension StepwiseResult {
  /// How many elements there are, and how many of them are within their bound and within a limit of ε.
  func explained(below limit: Double) -> (count: Int, of: Int) {
    states.reduce((0, 0)) { sum, state in
      let indices = state.elements.residual.indices
      return (sum.0 + indices.count { state.elements.isExplained($0, below: limit) }, sum.1 + indices.count)
    }
  }

  /// The share that is.
  func explainedShare(below limit: Double = .infinity) -> Double {
    let (count, total) = explained(below: limit)
    return total == 0 ? 1 : Double(count) / Double(total)
  }
}

extension ElementResults {
  fileprivate func isExplained(_ index: Int, below limit: Double) -> Bool {
    let r = residual[index]
    return r <= bound[index] && (r == 0 || r / scale[index] <= limit)
  }
}

extension Cell<Double> {
  /// The gates of the first units.
  func leading(_ units: Int) -> Cell {
    guard units < hiddenSize else { return self }
    func rows(_ weights: Matrix<Double>) -> Matrix<Double> {
      let count = units * weights.columns
      return Matrix(rows: units, columns: weights.columns, elements: Array(weights.elements[..<count]))
    }
    var part = changing { _, gate in
      gate = Gate(
        weightIH: rows(gate.weightIH), weightHH: rows(gate.weightHH),
        biasIH: gate.biasIH.map { Array($0[..<units]) }, biasHH: gate.biasHH.map { Array($0[..<units]) },
        peephole: gate.peephole.map { Array($0[..<units]) })
    }
    part.changeGRU { $0.innerInput = $0.innerInput.map(rows) }
    return part
  }
}
