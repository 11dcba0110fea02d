import Recurrent

/// A stepwise check in one arithmetic: what every timestep shows, and which timesteps it flags.
///
/// h and c are judged apart; of each timestep the larger is reported.
struct Assessment: Sendable {
  /// The format that the run is taken to have computed in.
  let format: FloatFormat
  /// Timesteps with an element beyond the bound, or less exact than honest arithmetic.
  let flagged: Set<Int>
  /// Elements that are beyond the bound, or that alone exceed the limit of an element.
  let unexplained: Int
  /// The limit of a single element's ε on these data; nil where the controls were not run.
  let elementLimit: Double?
  /// Which elements are beyond their bound.
  let beyond: BeyondBound
  /// How many elements there are.
  let elementCount: Int
  /// The timesteps that steps were judged at.
  let judgedTimesteps: [Int]
  /// Of each step the first element whose run may leave the range of its format on the way.
  let overflowing: [FlaggedElement]
  /// Steps that cannot be evaluated, in the order of time.
  let unjudgeable: [StepIndex]
  /// Steps whose returned h is neither the recorded one nor one step of the formula from the recorded past.
  let unreached: [StepIndex]
  /// Of each timestep the first recorded state that is not finite.
  let notFinite: [Int: FlaggedElement]
  /// In the order h, c; only what is recorded.
  private let tallies: [RoundoffTally]
  /// To look elements up again.
  private let elements: PassResults

  /// Whether this formula in this arithmetic accounts for every element; what may overflow in it is not
  /// accounted for.
  var explainsAll: Bool { flagged.isEmpty && overflowing.isEmpty }

  func isBeyondBound(_ t: Int) -> Bool { tallies.contains { $0.timesteps[t]?.isBeyondBound ?? false } }

  /// Of timestep t, the element with the largest r/ρ; nil where nothing was judged.
  func worst(at t: Int) -> FlaggedElement? { elements.worst(at: t) }

  /// Of timestep t, the larger of h and c; nil where nothing was judged.
  func figures(at t: Int) -> ResidualFigures? {
    let parts = tallies.compactMap { $0.timesteps[t] }
    return parts.isEmpty ? nil : ResidualFigures(parts)
  }

  /// The largest number of units of a quantity.
  var width: Int { tallies.map(\.units.count).max() ?? 0 }

  /// The timesteps that have a chosen step, whether it could be judged or not.
  var timesteps: Set<Int> { Set(judgedTimesteps).union(unjudgeable.map(\.t)) }

  /// Over all timesteps.
  var figures: ResidualFigures { ResidualFigures(tallies.map(\.overall)) }

  init(_ survey: Survey, of results: PassResults, flags: RoundoffFlags) {
    format = results.arithmetic.format
    elements = results.withoutKept
    flagged = flags.timesteps
    elementLimit = flags.elementLimits.max()
    unexplained =
      zip(survey.exceedances, flags.limits).reduce(survey.overflowCount) { $0 + $1.0.count(above: $1.1) }
    beyond = survey.beyond
    elementCount = survey.elementCount
    judgedTimesteps = survey.judgedTimesteps
    overflowing = survey.overflowing
    unjudgeable = survey.unjudgeable
    unreached = survey.unreached
    notFinite = survey.notFinite
    tallies = survey.tallies
  }
}

extension StepwiseProblem {
  /// Evaluates all steps and holds them against the bound and against the expected scale.
  ///
  /// The controls are run only where the fixed limits alone flag a step: they can only raise them.
  func assessed(
    in arithmetic: ErrorModel, rounding: OperandRounding? = nil, prepared: PreparedWeights? = nil
  ) -> Assessment {
    var results = PassResults(self, in: arithmetic, rounding: rounding, prepared: prepared)
    let survey = Survey(&results)
    let flags = RoundoffFlags(survey, of: &results)
    return Assessment(survey, of: results, flags: flags)
  }
}
