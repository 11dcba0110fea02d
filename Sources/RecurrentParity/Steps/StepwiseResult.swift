internal import CProductKernels
import Recurrent

/// How far recorded operands may be from what the run used.
struct RecordedRadius {
  var input: Spread
  var state: Spread
}

extension RecordedRadius {
  init(_ problem: StepwiseProblem, in arithmetic: ErrorModel) {
    self.init(
      input: problem.input.isHeld(by: arithmetic.format) ? .none : .relative(arithmetic.operandRoundoff),
      state: .relative(arithmetic.recordedRoundoff))
  }
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

/// What the formula says of every judged state of some steps.
struct StepwiseResult: Sendable {
  var steps: [StepIndex]
  /// In the order h, c; only what is recorded.
  var states: [(kind: StateKind, elements: ElementResults)]
}

extension ElementResults {
  /// - Parameters:
  ///   - block: of all rows that were evaluated.
  ///   - rows: which of them are judged.
  ///   - recorded: the recorded state of each judged row.
  ///   - printing: how far each may be from the run's because it was printed in decimal.
  init(_ block: Bounded?, rows: [Int], width: Int, recorded: [ArraySlice<Double>?], printing: Double) {
    self.width = width
    let areAll = rows.count == block?.rows
    func judged(_ values: [Double]) -> [Double] {
      areAll ? values : rows.flatMap { values[$0 * width..<($0 + 1) * width] }
    }
    midpoint = judged(block?.midpoint ?? [])
    bound = judged(block?.radii ?? [])
    scale = judged(block?.scales ?? [])
    if printing > 0 {
      bound = bound.map { $0 + printing }
      scale = scale.map { max($0, printing) }
    }
    compare(with: recorded)
  }

  /// Finds how far the recorded rows are from the midpoints.
  private mutating func compare(with recorded: [ArraySlice<Double>?]) {
    let (count, set) = (midpoint.count, best_instruction_set())
    precondition(recorded.allSatisfy { $0?.count == width } && count == recorded.count * width)
    isJudgeable = [Bool](repeating: false, count: count)
    mayOverflow = isJudgeable
    residual = [Double](unsafeUninitializedCapacity: count) { residual, written in
      written = count
      guard let residual = residual.baseAddress else { return }
      isJudgeable.withUnsafeMutableBufferPointer { isJudgeable in
        mayOverflow.withUnsafeMutableBufferPointer { mayOverflow in
          midpoint.withUnsafeBufferPointer { midpoint in
            bound.withUnsafeBufferPointer { bound in
              for (row, values) in recorded.enumerated() {
                let first = row * width
                values?.withUnsafeBufferPointer { values in
                  residuals(
                    set, width, values.baseAddress, midpoint.baseAddress.map { $0 + first },
                    bound.baseAddress.map { $0 + first }, residual + first,
                    isJudgeable.baseAddress.map { $0 + first }, mayOverflow.baseAddress.map { $0 + first })
                }
              }
            }
          }
        }
      }
    }
  }

  mutating func append(_ other: ElementResults) {
    midpoint += other.midpoint
    residual += other.residual
    isJudgeable += other.isJudgeable
    mayOverflow += other.mayOverflow
    bound += other.bound
    scale += other.scale
  }
}

extension StepwiseResult {
  /// Takes over the results of other steps of the same problem.
  mutating func append(_ other: StepwiseResult) {
    steps += other.steps
    for index in states.indices { states[index].elements.append(other.states[index].elements) }
  }
}
