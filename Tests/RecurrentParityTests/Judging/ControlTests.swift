import Recurrent
import Testing

@testable import RecurrentParity

/// Data on which honest arithmetic is off by far more than independent roundings are.
@Suite struct ControlTests {
  // MARK: Orders of summation

  /// Where a large term stands, beside which many small ones are lost, and where its opposite.
  struct Data: Sendable {
    var bias = 0.0
    var input = 0.0
    var firstOfState = 0.0
  }

  /// So many terms of this size: each is a quarter of the spacing of Float32 at 1, and together they are 2⁻¹⁵.
  private static let count = 1024
  private static let small = 0x1p-25

  @Test(
    "A run that sums in an honest order matches, on data on which all other orders are exact",
    arguments: [
      (SummationOrder.fromBiases, Data(bias: 1)),
      (.biasesLast, Data(bias: -1, input: 1)),
      (.productsApart, Data(input: -1, firstOfState: 1)),
    ])
  func honest(_ order: SummationOrder, _ data: Data) throws {
    let exact = data.bias + data.input + data.firstOfState + Double(Self.count) * Self.small
    // Beside 1 the small terms are lost one by one; summed among themselves they are exact, and 1 + 2⁻¹⁵ is too.
    for other in SummationOrder.allCases {
      let value = Self.sum(data, in: other)
      #expect((value == exact) == (other != order), "\(other)")
    }
    let lost = Self.problem(data, recorded: Self.sum(data, in: order))
    #expect(lost.assessed(in: ErrorModel(.float32)).explainsAll)
  }

  /// As a Float32 kernel does it, term by term.
  private static func sum(_ data: Data, in order: SummationOrder) -> Double {
    let state = [Float(data.firstOfState)] + [Float](repeating: Float(small), count: count)
    let (bias, input) = (Float(data.bias), Float(data.input))
    return switch order {
    case .fromBiases: Double(state.reduce(bias + input, +))
    case .biasesLast: Double(state.reduce(input, +) + bias)
    case .productsApart: Double(input + state.reduce(0, +) + bias)
    }
  }

  /// One step of a linear cell whose first unit is that sum, and whose others are nothing.
  private static func problem(_ data: Data, recorded: Double) -> StepwiseProblem {
    let size = count + 1
    var gate = Gate<Double>(
      weightIH: Matrix(zeros: size, 1), weightHH: Matrix(zeros: size, size),
      biasIH: [data.bias] + [Double](repeating: 0, count: count), biasHH: nil)
    gate.weightIH[0, 0] = data.input
    for k in 0..<size { gate.weightHH[0, k] = k == 0 ? data.firstOfState : small }
    return problem(
      gate, activation: .linear, h0: [Double](repeating: 1, count: size),
      recorded: [recorded] + [Double](repeating: 0, count: count))
  }

  // MARK: Activations

  @Test("A tanh that is 1 where it nearly is, as TensorFlow's from 7.9 on, matches in every unit")
  func saturated() {
    let count = 64
    let bias = (0..<count).map { FloatFormat.float32.round(7.9 + 0.03 * Double($0) / Double(count)) }
    // 1 − tanh x ≈ 2 exp(−2x): 4.6 u at 7.9, and 4.3 u at 7.93, all to one side.
    let gate = Gate<Double>(
      weightIH: Matrix(zeros: count, 1), weightHH: Matrix(zeros: count, count), biasIH: bias, biasHH: nil)
    func problem(_ h: Double) -> StepwiseProblem {
      Self.problem(
        gate, activation: .tanh, h0: [Double](repeating: 0, count: count),
        recorded: [Double](repeating: h, count: count))
    }
    let arithmetic = ErrorModel(.float32)
    #expect(problem(1).assessed(in: arithmetic).explainsAll)
    // 4 · 1.5 u is what a library may be off by on the whole. These are twice that, if within the bound of one.
    #expect(!problem(1 - 16 * FloatFormat.float32.unitRoundoff).assessed(in: arithmetic).explainsAll)
  }

  // MARK: Problems

  /// One step, from a past that is known, on an input of 1.
  private static func problem(
    _ gate: Gate<Double>, activation: Activation, h0: [Double], recorded: [Double]
  ) -> StepwiseProblem {
    let states = RecordedStates(
      h: BatchedSequence(timesteps: 1, batch: 1, features: recorded.count, elements: recorded))
    return StepwiseProblem(
      cell: .rnn(RNNCell(gate: gate, activation: activation, formula: .oneBias)), direction: .forward,
      input: LayerInput(values: BatchedSequence(timesteps: 1, batch: 1, features: 1, elements: [1])),
      target: states, previous: states,
      initialState: State(h: Matrix(rows: 1, columns: h0.count, elements: h0)),
      valid: ValidSteps(all: 1, batch: 1),
      steps: [StepIndex(t: 0, b: 0)])
  }
}
