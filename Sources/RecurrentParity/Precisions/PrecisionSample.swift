import Recurrent

/// Steps from all over a long run, on which a precision is tried before it is tried on all.
struct PrecisionSample: Sendable {
  private let problem: StepwiseProblem
  private let steps: [StepIndex]
  private let units: Int?
  /// The limit of a single element's ε on these data.
  private let elementLimit: Double
  /// How many elements of the sample the run's own precision leaves unexplained.
  private let unexplained: Int

  private static let size = 192

  /// Nil where the run is short, or its past is not recorded.
  ///
  /// - Parameter units: the first units, if only these are looked at.
  init?(_ problem: StepwiseProblem, _ flagged: Assessment, format: FloatFormat, leading units: Int? = nil) {
    let count = problem.stepCount
    guard problem.isTeacherForced, count >= 4 * Self.size else { return nil }
    self.problem = problem
    self.units = units
    steps = problem.steps(numbers: (0..<Self.size).map { $0 * count / Self.size })
    elementLimit = flagged.elementLimit ?? RoundoffThreshold.element
    unexplained = problem.sampled(steps, leading: units).evaluated(in: ErrorModel(format)).unexplained(
      above: elementLimit)
  }

  /// Whether a precision may explain the run, or most of what its own leaves: the same is asked of all of it later. The
  /// sample's mean may be four times what is allowed of the whole, for it is one of few.
  func admits(_ precision: LoweredPrecision) -> Bool {
    guard let lowered = problem.lowered(by: precision, leading: units) else { return false }
    let result = lowered.sampled(steps, leading: units).evaluated(
      in: precision.arithmetic, rounding: precision.rounding)
    let left = result.unexplained(above: elementLimit)
    return 2 * left < unexplained || (left == 0 && result.effectiveRoundoffRms <= elementLimit / 2)
  }
}

extension StepwiseResult {
  fileprivate func unexplained(above limit: Double) -> Int {
    let (explained, count) = explained(below: limit)
    return count - explained
  }

  /// Of the quantity that is further off.
  fileprivate var effectiveRoundoffRms: Double {
    states.map { _, elements in
      var statistics = RoundoffStatistics()
      for index in elements.residual.indices where elements.isJudgeable[index] {
        statistics.add(
          residual: elements.residual[index], bound: elements.bound[index], scale: elements.scale[index])
      }
      return statistics.effectiveRoundoffRms
    }.reduce(0, greater)
  }
}
