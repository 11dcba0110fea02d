import RealModule
import Recurrent

/// Finds the state that a sequence must have started from, from its first steps.
struct InitialStateSolver {
  private let problem: StepwiseProblem
  private let cell: Cell<Double>

  /// Newton's method takes as many steps of the formula as there are units.
  private static let mostUnitsOfNewton = 32
  private static let iterations = 30
  /// Where c is not recorded, it is found from as many steps behind the first.
  private static let stepsForC = 3

  init(_ problem: StepwiseProblem) {
    self.problem = problem
    cell = problem.cell
  }

  /// The initial state `(B, …)`, and the steps that it was found from; nil where a sequence has none.
  func solved() -> (state: State<Double>, steps: Set<StepIndex>)? {
    var state = problem.initialState ?? cell.zeroState(batch: problem.valid.batch)
    var steps: Set<StepIndex> = []
    for b in 0..<problem.valid.batch {
      let times = problem.valid.times(b, problem.direction)
      guard let first = times.first else { continue }
      let own = problem.isTeacherForced ? [first] : Array(times.prefix(1 + Self.stepsForC))
      guard let (h, c) = start(own.map { StepIndex(t: $0, b: b) }) else { return nil }
      state.h.replaceRow(b, with: h)
      if let c { state.c?.replaceRow(b, with: c) }
      steps.formUnion(own.map { StepIndex(t: $0, b: b) })
    }
    return (state, steps)
  }

  /// - Parameter steps: the first of one sequence.
  private func start(_ steps: [StepIndex]) -> (h: [Double], c: [Double]?)? {
    guard let first = steps.first, let h = problem.target.h?.row(first.t, first.b).map({ $0 }) else {
      return nil
    }
    let x = input(first)
    switch cell {
    case .rnn(let rnn):
      guard rnn.clip == nil, let system = LinearSystem(rnn.gate.weightHH) else { return nil }
      let known = rnn.gate.sum(x: x, h: nil)
      return system.solved(for: zip(h, known).map { rnn.activation.inverse($0) - $1 }).map { ($0, nil) }
    case .gru: return newton(x: x, h).map { ($0, nil) }
    case .lstm(let lstm):
      guard lstm.isPlain else { return nil }
      let c = problem.target.c.map { Array($0.row(first.t, first.b)) } ?? memory(lstm, behind: steps)
      return c.flatMap { start(lstm, x: x, h, $0, b: first.b) }
    }
  }

  // MARK: LSTM

  /// h from the output gate, which h and c give; then c from the others.
  private func start(
    _ lstm: LSTMCell<Double>, x: [Double], _ h: [Double], _ c: [Double], b: Int
  ) -> (h: [Double], c: [Double])? {
    let declared = problem.initialState.map { Array($0.h.row(b)) } ?? h.map { _ in 0 }
    let o = zip(h, c).map { h, c in
      let value = h / lstm.activation(c)
      // Where c is nearly zero, h says nothing of the gate.
      return value.isFinite ? min(max(value, 0x1p-20), 1 - 0x1p-20) : 0.5
    }
    let declaredO = lstm.output.sum(x: x, h: declared).map { lstm.recurrentActivation($0) }
    let isDeclared = zip(zip(declaredO, c), h).allSatisfy { oc, h in
      (oc.0 * lstm.activation(oc.1) - h).magnitude < 0x1p-16
    }
    let known = lstm.output.sum(x: x, h: nil)
    guard
      let past = isDeclared
        ? declared
        : LinearSystem(lstm.output.weightHH)?.solved(
          for: zip(o, known).map { lstm.recurrentActivation.inverse($0) - $1 })
    else { return nil }
    let gates = lstm.gates(x: x, h: past)
    let start = c.indices.map { (c[$0] - gates.i[$0] * gates.g[$0]) / gates.f[$0] }
    return start.allSatisfy(\.isFinite) ? (past, start) : nil
  }

  /// The c behind the first step: with h recorded, every later c is that times its forget gates, and something known.
  private func memory(_ lstm: LSTMCell<Double>, behind steps: [StepIndex]) -> [Double]? {
    guard steps.count > Self.stepsForC, let recorded = problem.target.h else { return nil }
    let units = 0..<lstm.input.hiddenSize
    var (factor, term) = (units.map { _ in 1.0 }, units.map { _ in 0.0 })
    var (sum, weight) = (term, term)
    for (step, before) in zip(steps.dropFirst(), steps) {
      let past = Array(recorded.row(before.t, before.b))
      let (x, h) = (input(step), Array(recorded.row(step.t, step.b)))
      let gates = lstm.gates(x: x, h: past)
      let o = lstm.output.sum(x: x, h: past).map { lstm.recurrentActivation($0) }
      for k in units {
        factor[k] *= gates.f[k]
        term[k] = gates.f[k] * term[k] + gates.i[k] * gates.g[k]
        let c = lstm.activation.inverse(h[k] / o[k])
        guard c.isFinite else { continue }
        // How much h says of it.
        let slope = o[k] * (1 - (h[k] / o[k]) * (h[k] / o[k])) * factor[k]
        sum[k] += slope * slope * (c - term[k]) / factor[k]
        weight[k] += slope * slope
      }
    }
    let c = units.map { sum[$0] / weight[$0] }
    return c.allSatisfy(\.isFinite) ? c : nil
  }

  // MARK: GRU

  private func newton(x: [Double], _ target: [Double]) -> [Double]? {
    let size = target.count
    guard size <= Self.mostUnitsOfNewton else { return nil }
    let inputs = Matrix(rows: size + 1, columns: x.count, elements: (0...size).flatMap { _ in x })
    var h = target
    let difference = 0x1p-24
    for _ in 0..<Self.iterations {
      // The state itself, and one disturbed in each unit.
      let tried = (0...size).flatMap { row in
        h.indices.map { h[$0] + ($0 == row - 1 ? difference : 0) }
      }
      let next = cell.step(
        x: inputs, State(h: Matrix(rows: size + 1, columns: size, elements: tried), c: nil)
      ).h
      let residual = target.indices.map { target[$0] - next[0, $0] }
      guard residual.allSatisfy(\.isFinite) else { return nil }
      if (residual.map(\.magnitude).max() ?? 0) < 0x1p-40 { return h }
      var jacobian = Matrix<Double>(zeros: size, size)
      for row in 0..<size {
        for column in 0..<size { jacobian[row, column] = (next[column + 1, row] - next[0, row]) / difference }
      }
      guard let step = LinearSystem(jacobian)?.solved(for: residual) else { return nil }
      let longest = step.map(\.magnitude).max() ?? 0
      for k in h.indices { h[k] += step[k] * min(1, 1 / longest) }
    }
    return nil
  }

  private func input(_ step: StepIndex) -> [Double] { Array(problem.input.values.row(step.t, step.b)) }
}

extension Gate<Double> {
  /// `W_ih x + b_ih + W_hh h + b_hh` of one row; without h, what does not depend on it.
  fileprivate func sum(x: [Double], h: [Double]?) -> [Double] {
    (0..<hiddenSize).map { unit in
      var sum = (biasIH?[unit] ?? 0) + (biasHH?[unit] ?? 0)
      for k in x.indices { sum += weightIH[unit, k] * x[k] }
      guard let h else { return sum }
      for k in h.indices { sum += weightHH[unit, k] * h[k] }
      return sum
    }
  }
}

extension LSTMCell<Double> {
  /// Whether it has nothing that only the ONNX operator has, and no projection.
  fileprivate var isPlain: Bool {
    outputActivation == nil && clip == nil && !inputForget && weightHR == nil
      && [input, forget, cell, output].allSatisfy { $0.peephole == nil }
  }

  fileprivate func gates(x: [Double], h: [Double]) -> (i: [Double], f: [Double], g: [Double]) {
    (
      input.sum(x: x, h: h).map { recurrentActivation($0) },
      forget.sum(x: x, h: h).map { recurrentActivation($0) },
      cell.sum(x: x, h: h).map { activation($0) }
    )
  }
}

extension Matrix<Double> {
  fileprivate mutating func replaceRow(_ index: Int, with row: [Double]) {
    elements.replaceSubrange(index * columns..<(index + 1) * columns, with: row)
  }
}
