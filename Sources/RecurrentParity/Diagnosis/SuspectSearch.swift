import Recurrent

/// Looks for one parameter whose value accounts for a unit that is off over the whole run.
///
/// With the past known, a wrong parameter moves its unit at every step by its error times what it is multiplied
/// with, times the unit's sensitivity to that gate. That product tells parameters apart: the one that fits the
/// residuals best is changed until they vanish (Gauss–Newton), and named only if every recorded state is then exact
/// to rounding.
struct SuspectSearch {
  private let problem: StepwiseProblem
  /// The same on a part of its steps.
  private let sample: StepwiseProblem
  private let arithmetic: ErrorModel
  private let prepared: PreparedWeights

  private static let sampledSteps = 128
  /// Parameters that are multiplied with the same can't be told apart: more than these say nothing.
  private static let most = 2
  private static let tried = 8
  private static let refinements = 6
  /// Of a bias, to find the sensitivity: the derivative is then good to about this, relative.
  private static let disturbance = 0x1p-20
  /// A fault that shows in fewer elements is a spike, which any parameter accounts for.
  private static let fewestElements = 4

  init(_ problem: StepwiseProblem, format: FloatFormat) {
    var problem = problem
    problem.cell = problem.cell.converted(to: .twoBias).changing { _, gate in
      let zeros = [Double](repeating: 0, count: gate.hiddenSize)
      gate.biasIH = gate.biasIH ?? zeros
      gate.biasHH = gate.biasHH ?? zeros
    }
    let every = max(1, (problem.stepCount + Self.sampledSteps - 1) / Self.sampledSteps)
    let steps = problem.steps(numbers: Array(stride(from: 0, to: problem.stepCount, by: every)))
    sample =
      problem.isTeacherForced ? problem.sampled(steps.filter(problem.isFinite(at:))) : problem
    self.problem = problem
    arithmetic = ErrorModel(format)
    prepared = PreparedWeights([problem.cell], roundoff: problem.conversion.weights, in: arithmetic)
  }

  /// The parameter that accounts for the run, or several that the data can't tell apart; else empty.
  func suspects() -> [WrongParameter] {
    // A projection spreads a gate's unit over all of h.
    guard problem.isTeacherForced, problem.cell.weightHR == nil, sample.stepCount > 0,
      let unit = onlyWrongUnit
    else { return [] }
    let misfit = misfit(of: problem.cell, unit)
    guard misfit.count(where: { $0.magnitude > RoundoffThreshold.rms }) >= Self.fewestElements else {
      return []
    }
    let candidates = ranked(unit, misfit).prefix(Self.tried)
    // A large error is not linear, so the best fit at first may be another parameter's.
    for candidate in candidates where 2 * candidate.gain > sum(misfit, misfit) {
      guard let suspect = accounted(candidate.suspect) else { continue }
      let equals = candidates.filter { ($0.gain - candidate.gain).magnitude < 0.001 * candidate.gain }
      guard equals.count <= Self.most else { return [] }
      let others = equals.filter { $0.suspect != candidate.suspect }
      return [suspect] + others.compactMap { accounted($0.suspect) }
    }
    return []
  }

  // MARK: Where

  /// The unit beyond its bound, or beyond its limit over all steps; nil where there are several.
  private var onlyWrongUnit: Int? {
    var results = PassResults(problem, in: arithmetic, rounding: nil, prepared: prepared)
    let tallies = Survey(&results).tallies
    func units(_ isWrong: (RoundoffStatistics) -> Bool) -> Set<Int> {
      Set(tallies.flatMap { tally in tally.units.indices.filter { isWrong(tally.units[$0]) } })
    }
    let beyond = units(\.isBeyondBound)
    if !beyond.isEmpty { return beyond.count == 1 ? beyond.first : nil }
    let inexact = units { $0.effectiveRoundoffRms > RoundoffThreshold.rms }
    return inexact.count == 1 ? inexact.first : nil
  }

  /// How far the unit's recorded states, h and c, are from the cell's, in units of their expected scale.
  private func misfit(of cell: Cell<Double>, _ unit: Int) -> [Double] {
    var sample = sample
    sample.cell = cell
    let result = sample.evaluated(in: arithmetic, prepared: prepared)
    return result.states.flatMap { kind, elements in
      result.steps.indices.map { row in
        let index = row * elements.width + unit
        guard let recorded = sample.target[kind], elements.isJudgeable[index], elements.scale[index] > 0
        else {
          return 0
        }
        let step = result.steps[row]
        return (recorded.value(step, unit) - elements.midpoint[index]) / elements.scale[index]
      }
    }
  }

  // MARK: Which

  private struct Candidate {
    let suspect: WrongParameter
    /// By how much it lowers the sum of the squared misfits.
    let gain: Double
  }

  /// Every parameter of the unit, the best fitting first.
  private func ranked(_ unit: Int, _ misfit: [Double]) -> [Candidate] {
    var candidates: [Candidate] = []
    for (kind, gate) in problem.cell.gates {
      let (weightIH, weightHH) = (gate.weightIH, gate.weightHH)
      func consider(_ term: WrongParameter.Term, declared: Double, _ sensitivity: [Double]) {
        let effect = effect(of: term, sensitivity)
        let (gain, size) = (sum(misfit, effect), sum(effect, effect))
        guard size > 0 else { return }
        candidates.append(
          Candidate(
            suspect: WrongParameter(
              gate: kind, unit: unit, term: term, declared: declared, implied: declared),
            gain: gain * gain / size))
      }
      let outer = sensitivity(of: problem.cell, kind, unit, .bias)
      let bias = (gate.biasIH?[unit] ?? 0) + (gate.biasHH?[unit] ?? 0)
      for k in 0..<weightIH.columns { consider(.input(k), declared: weightIH[unit, k], outer) }
      if kind == .new, case .gru(let cell) = problem.cell {
        // Before the product, its weights are multiplied with r ⊙ h, which the record doesn't hold.
        consider(.bias, declared: cell.resetAfter ? gate.biasIH?[unit] ?? 0 : bias, outer)
        guard cell.resetAfter else { continue }
        let inner = sensitivity(of: problem.cell, kind, unit, .recurrentBias)
        consider(.recurrentBias, declared: gate.biasHH?[unit] ?? 0, inner)
        for k in 0..<weightHH.columns { consider(.state(k), declared: weightHH[unit, k], inner) }
      } else {
        consider(.bias, declared: bias, outer)
        for k in 0..<weightHH.columns { consider(.state(k), declared: weightHH[unit, k], outer) }
      }
    }
    return candidates.sorted { $0.gain > $1.gain }
  }

  /// The derivative of the unit's states by a bias of a gate, in units of their expected scale.
  private func sensitivity(
    of cell: Cell<Double>, _ gate: GateKind, _ unit: Int, _ bias: WrongParameter.Term
  ) -> [Double] {
    let suspect = WrongParameter(gate: gate, unit: unit, term: bias, declared: 0, implied: Self.disturbance)
    return zip(misfit(of: cell, unit), misfit(of: cell.with(suspect), unit)).map {
      ($0 - $1) / Self.disturbance
    }
  }

  /// What an error of 1 in a parameter does to the unit's states.
  private func effect(of term: WrongParameter.Term, _ sensitivity: [Double]) -> [Double] {
    let factors = (0..<sample.valid.batch).map { (b) -> Double in
      let step = StepIndex(t: 0, b: b)
      switch term {
      case .input(let k): return sample.input.values.value(step, k)
      case .state(let k): return sample.past(.h, step).map { $0[$0.startIndex + k] } ?? 0
      case .bias, .recurrentBias: return 1
      }
    }
    return sensitivity.indices.map { sensitivity[$0] * factors[$0 % factors.count] }
  }

  private func sum(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  // MARK: Whether

  /// The parameter with the value that accounts for every recorded state; nil where none does.
  private func accounted(_ suspect: WrongParameter) -> WrongParameter? {
    var suspect = suspect
    let isInner =
      if case .gru(let cell) = problem.cell, cell.resetAfter, suspect.gate == .new {
        switch suspect.term {
        case .state, .recurrentBias: true
        case .input, .bias: false
        }
      } else { false }
    var left = Double.infinity
    for _ in 0..<Self.refinements {
      let cell = problem.cell.with(suspect)
      let effect = effect(
        of: suspect.term, sensitivity(of: cell, suspect.gate, suspect.unit, isInner ? .recurrentBias : .bias))
      let misfit = misfit(of: cell, suspect.unit)
      let step = sum(misfit, effect) / sum(effect, effect)
      // What converges does so at once.
      guard step.isFinite, sum(misfit, misfit) < left else { return nil }
      left = sum(misfit, misfit)
      suspect.implied += step
      // A hundredth of what rounding hides.
      if step.magnitude * sum(effect, effect).squareRoot() < 0.01 { break }
    }
    var changed = problem
    changed.cell = problem.cell.with(suspect)
    return changed.assessed(in: arithmetic, prepared: prepared).explainsAll ? suspect : nil
  }
}

extension Cell<Double> {
  /// The cell with a parameter moved by what is suspected.
  fileprivate func with(_ suspect: WrongParameter) -> Cell {
    let error = suspect.implied - suspect.declared
    return changing { kind, gate in
      guard kind == suspect.gate else { return }
      switch suspect.term {
      case .input(let k): gate.weightIH[suspect.unit, k] += error
      case .state(let k): gate.weightHH[suspect.unit, k] += error
      case .bias: gate.biasIH?[suspect.unit] += error
      case .recurrentBias: gate.biasHH?[suspect.unit] += error
      }
    }
  }
}

extension StepwiseProblem {
  /// Whether a step's operands and recorded states are finite.
  fileprivate func isFinite(at step: StepIndex) -> Bool {
    input.values.row(step.t, step.b).allSatisfy(\.isFinite)
      && StateKind.allCases.allSatisfy { kind in
        (past(kind, step)?.allSatisfy(\.isFinite) ?? true)
          && (target[kind]?.row(step.t, step.b).allSatisfy(\.isFinite) ?? true)
      }
  }
}

extension RecordedSequence {
  fileprivate func value(_ step: StepIndex, _ feature: Int) -> Double {
    let row = row(step.t, step.b)
    return row[row.startIndex + feature]
  }
}
