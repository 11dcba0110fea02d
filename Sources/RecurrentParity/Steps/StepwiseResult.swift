import Recurrent

/// How far recorded operands may be from what the run used.
struct RecordedRadius {
  var input: Spread
  var state: Spread
}

/// What the formula says of every judged element of one quantity.
struct ElementResults: Sendable {
  /// H or P.
  let width: Int
  /// Each `steps · width` values.
  var midpoint: [Double] = []
  /// `r = |recorded − F|`
  var residual: [Double] = []
  /// Whether the recorded state is finite, and the formula can be evaluated: a state that is not finite is
  /// invalid rather than inexact, one whose sums may overflow is neither right nor wrong.
  var isJudgeable: [Bool] = []
  /// Whether the recorded state is finite, and the run may have left the range of its format on the way to it.
  var mayOverflow: [Bool] = []
  /// ρ: no honest evaluation is further off; NaN where the run may have overflowed.
  var bound: [Double] = []
  /// σ: how far off one is expected to be.
  var scale: [Double] = []
}

/// What the formula says of every judged state.
struct StepwiseResult: Sendable {
  let steps: [StepIndex]
  /// In the order h, c; only what is recorded.
  let states: [(kind: StateKind, elements: ElementResults)]
}
