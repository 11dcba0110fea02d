import Recurrent

/// A stepwise check in one arithmetic: what every timestep and unit shows, and which timesteps it flags.
struct Assessment: Sendable {
  let result: StepwiseResult
  /// By timestep; timesteps without a judged step are absent.
  let timesteps: [Int: RoundoffStatistics]
  let overall: RoundoffStatistics
  /// Timesteps with an element beyond the bound, or less exact than honest arithmetic.
  let flagged: Set<Int>
  /// Elements that are beyond the bound, or that alone exceed the limit of an element.
  let unexplained: Int

  /// Whether this formula in this arithmetic accounts for every element.
  var explainsAll: Bool { flagged.isEmpty }

  func isBeyondBound(_ t: Int) -> Bool { timesteps[t]?.isBeyondBound ?? false }

  /// The element of timestep t with the largest r/ρ; ties go to the lowest sequence, then unit.
  func worstElement(at t: Int) -> FlaggedElement? {
    var worst: FlaggedElement?
    var worstRatio = -Double.infinity
    for (row, step) in result.steps.enumerated() where step.t == t {
      for unit in 0..<result.hiddenSize {
        let index = row * result.hiddenSize + unit
        let (r, bound) = (result.residual[index], result.bound[index])
        let ratio = r == 0 ? 0 : (r / bound)
        // NaN is worse than any number.
        guard ratio.isNaN ? !worstRatio.isNaN : ratio > worstRatio else { continue }
        worstRatio = ratio
        worst = FlaggedElement(timestep: t, batch: step.b, unit: unit, residual: r, bound: bound)
      }
    }
    return worst
  }
}

/// One recorded element that shows why a step was flagged.
public struct FlaggedElement: Equatable, Sendable {
  public var timestep: Int
  public var batch: Int
  public var unit: Int
  /// NaN where the element could not be evaluated.
  public var residual: Double
  /// The certified bound ρ that the residual is held against; NaN where there is none.
  public var bound: Double
}

extension StepwiseProblem {
  /// Evaluates all steps and holds them against the bound and against the expected scale.
  ///
  /// The control is run only where the fixed limits are exceeded: it can only raise them.
  func assessed(in arithmetic: WorkingArithmetic, rounding: OperandRounding? = nil) -> Assessment {
    let result = evaluated(in: arithmetic, rounding: rounding)
    let observed = Table(result, residual: result.residual, target: target)
    var control: Table?
    if observed.all.contains(where: { RoundoffThreshold.isExceeded($0, control: nil) }) {
      control = Table(
        result, residual: controlResiduals(arithmetic, rounding: rounding, against: result), target: target)
    }

    var flagged: Set<Int> = []
    for (t, statistics) in observed.timesteps
    where statistics.isBeyondBound
      || RoundoffThreshold.isExceeded(statistics, control: control?.timesteps[t])
    {
      flagged.insert(t)
    }
    for (unit, statistics) in observed.units.enumerated()
    where RoundoffThreshold.isExceeded(statistics, control: control?.units[unit]) {
      flagged.formUnion(observed.stepsAboveMean(ofUnit: unit, in: result))
    }
    return Assessment(
      result: result, timesteps: observed.timesteps, overall: observed.overall, flagged: flagged,
      unexplained: observed.exceeding(
        RoundoffThreshold.element(control: control?.overall.maxEffectiveRoundoff ?? 0)))
  }

  /// What honest arithmetic is off by on this data: sequential summation, or an activation library that is
  /// off in one direction everywhere, whichever is more.
  private func controlResiduals(
    _ arithmetic: WorkingArithmetic, rounding: OperandRounding?, against result: StepwiseResult
  ) -> [Double] {
    let sequential =
      arithmetic.format == .float64
      ? controlResiduals(Double.self, rounding: rounding, against: result)
      : controlResiduals(Float.self, rounding: rounding, against: result)
    let systematic = evaluated(in: arithmetic.systematicActivationOnly, rounding: rounding).bound
    return zip(sequential, systematic).map(max)
  }
}

/// Statistics of one set of residuals, cut by timestep and by unit.
private struct Table {
  var timesteps: [Int: RoundoffStatistics] = [:]
  var units: [RoundoffStatistics]
  var overall = RoundoffStatistics()
  /// ε of every element, and whether it is beyond its bound; NaN where the recorded state is not finite.
  private var effective: [Double]
  private var beyond: [Bool]

  init(_ result: StepwiseResult, residual: [Double], target: BatchedSequence<Double>) {
    let hiddenSize = result.hiddenSize
    units = [RoundoffStatistics](repeating: RoundoffStatistics(), count: hiddenSize)
    effective = [Double](repeating: 0, count: residual.count)
    beyond = [Bool](repeating: false, count: residual.count)
    for (row, step) in result.steps.enumerated() {
      var atStep = timesteps[step.t] ?? RoundoffStatistics()
      for unit in 0..<hiddenSize where target[step.t, step.b, unit].isFinite {
        let index = row * hiddenSize + unit
        let (r, bound, scale) = (residual[index], result.bound[index], result.scale[index])
        atStep.add(residual: r, bound: bound, scale: scale)
        units[unit].add(residual: r, bound: bound, scale: scale)
        overall.add(residual: r, bound: bound, scale: scale)
        effective[index] = r == 0 ? 0 : r / scale
        beyond[index] = !(r <= bound)
      }
      timesteps[step.t] = atStep
    }
  }

  var all: [RoundoffStatistics] { Array(timesteps.values) + units }

  func exceeding(_ limit: Double) -> Int {
    effective.indices.count { beyond[$0] || !(effective[$0] <= limit) }
  }

  /// The timesteps at which a unit is at least as far off as it is on the whole: where it shows.
  func stepsAboveMean(ofUnit unit: Int, in result: StepwiseResult) -> Set<Int> {
    let mean = units[unit].effectiveRoundoff
    return Set(
      result.steps.enumerated().filter { !(effective[$0.offset * result.hiddenSize + unit] < mean) }
        .map(\.element.t))
  }
}
