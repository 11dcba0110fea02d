import Recurrent

/// Peepholes that no file declares. What they are is fitted to half of the timesteps: of each unit three numbers.
extension HypothesisCatalogue {
  var fittedPeepholes: [Hypothesis] {
    guard case .lstm(let lstm) = cell, lstm.weightHR == nil, problem.isTeacherForced,
      problem.target.h != nil, problem.target.c != nil, cell.gates.allSatisfy({ $0.gate.peephole == nil })
    else { return [] }
    let fit = PeepholeFit(problem, format: context.format)
    let variants: [(Mistake, Set<GateKind>)] = [
      (Mistake(.peepholesUndeclared, "before the activations"), []),
      (Mistake(.peepholesUndeclared, "that of o after its activation"), [.output]),
      (Mistake(.peepholesUndeclared, "after the activations"), [.input, .forget, .output]),
    ]
    for (mistake, after) in variants {
      guard let peepholes = fit?.peepholes(afterActivation: after) else { continue }
      return [
        Hypothesis(
          mistake, .peepholes,
          fit: Hypothesis.Fit(elements: 3 * lstm.input.hiddenSize, steps: fit?.steps ?? []),
          .cell { $0.setPeepholes(peepholes, afterActivation: after) })
      ]
    }
    return []
  }
}

/// Gauss–Newton, all units at once: with the past recorded, a unit's states depend on its own peepholes alone.
private struct PeepholeFit {
  let steps: Set<StepIndex>
  private let sample: StepwiseProblem
  private let arithmetic: ErrorModel

  private static let timesteps = 64
  private static let refinements = 12
  /// Of a peephole, to find what it does.
  private static let disturbance = 0x1p-20

  /// Nil where there are too few steps to fit two values of a unit to.
  init?(_ problem: StepwiseProblem, format: FloatFormat) {
    let every = max(2, problem.valid.timesteps / Self.timesteps)
    let steps = stride(from: 1, to: problem.valid.timesteps, by: every).flatMap { t in
      (0..<problem.valid.batch).filter { problem.valid.contains(t, $0) }.map { StepIndex(t: t, b: $0) }
    }
    guard steps.count >= 4 else { return nil }
    self.steps = Set(steps)
    sample = problem.sampled(steps)
    arithmetic = ErrorModel(format)
  }

  /// Of the gates i, f and o, each `(H)`; nil where no peepholes account for the sample.
  func peepholes(afterActivation after: Set<GateKind>) -> [GateKind: [Double]]? {
    let zeros = [Double](repeating: 0, count: sample.cell.hiddenSize)
    var peepholes: [GateKind: [Double]] = [.input: zeros, .forget: zeros, .output: zeros]
    for _ in 0..<Self.refinements {
      guard let now = misfits(peepholes, after) else { return nil }
      if now.areWithin { return peepholes }
      var effects: [GateKind: Misfits] = [:]
      for kind in peepholes.keys {
        var disturbed = peepholes
        disturbed[kind] = disturbed[kind]?.map { $0 + Self.disturbance }
        effects[kind] = misfits(disturbed, after)
      }
      guard let i = effects[.input], let f = effects[.forget], let o = effects[.output] else { return nil }
      for unit in zeros.indices {
        func effect(_ other: Misfits, _ values: KeyPath<Misfits, [Double]>) -> [Double] {
          zip(now.of(unit, values), other.of(unit, values)).map { ($0 - $1) / Self.disturbance }
        }
        let (c, toI, toF) = (now.of(unit, \.c), effect(i, \.c), effect(f, \.c))
        let (ii, ff, both) = (sum(toI, toI), sum(toF, toF), sum(toI, toF))
        let determinant = ii * ff - both * both
        if determinant > 1e-12 * ii * ff {
          peepholes[.input]?[unit] += (sum(toI, c) * ff - sum(toF, c) * both) / determinant
          peepholes[.forget]?[unit] += (sum(toF, c) * ii - sum(toI, c) * both) / determinant
        }
        let toO = effect(o, \.h)
        let size = sum(toO, toO)
        if size > 0 { peepholes[.output]?[unit] += sum(toO, now.of(unit, \.h)) / size }
      }
    }
    return nil
  }

  /// How far the recorded states are from the formula's, `(steps, H)`. Not in units of their scale, which changes with the
  /// peepholes: what is far off would be fitted by making it large.
  private struct Misfits {
    let width: Int
    let h: [Double]
    let c: [Double]
    /// Whether all are within their bound.
    let areWithin: Bool

    func of(_ unit: Int, _ values: KeyPath<Misfits, [Double]>) -> [Double] {
      stride(from: unit, to: self[keyPath: values].count, by: width).map { self[keyPath: values][$0] }
    }
  }

  /// Nil where one is no number.
  private func misfits(_ peepholes: [GateKind: [Double]], _ after: Set<GateKind>) -> Misfits? {
    var problem = sample
    problem.cell.setPeepholes(peepholes, afterActivation: after)
    let result = problem.evaluated(in: arithmetic)
    var (values, areWithin) = ([StateKind: [Double]](), true)
    for (kind, elements) in result.states {
      guard let recorded = problem.target[kind]?.whole.elements, recorded.count == elements.midpoint.count
      else { return nil }
      values[kind] = zip(recorded, elements.midpoint).map(-)
      areWithin =
        areWithin && zip(elements.residual, elements.bound).allSatisfy { $0 <= $1 }
    }
    guard let h = values[.h], let c = values[.c], h.allSatisfy(\.isFinite), c.allSatisfy(\.isFinite) else {
      return nil
    }
    return Misfits(width: problem.cell.hiddenSize, h: h, c: c, areWithin: areWithin)
  }

  private func sum(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
}

extension Cell<Double> {
  fileprivate mutating func setPeepholes(_ peepholes: [GateKind: [Double]], afterActivation: Set<GateKind>) {
    self = changing { kind, gate in gate.peephole = peepholes[kind] }
    changeLSTM { $0.departure.peepholesAfterActivation = afterActivation }
  }
}
