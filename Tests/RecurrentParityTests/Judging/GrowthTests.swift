import Recurrent
import Testing

@testable import RecurrentParity

/// Networks of which it is known by how much a disturbance grows in one step.
@Suite struct GrowthTests {
  @Test(
    "Without an input or an activation a disturbance grows by the recurrent weight, and is told to be so",
    arguments: [0.25, 0.5, 1, 1.5, 3])
  func linear(_ weight: Double) throws {
    let growth = try #require(measured(weight: weight, x: [Double](repeating: 0, count: 40)))
    // The exact run is zero; t steps round the disturbance by t · 2⁻⁵³, and this is its t-th root.
    #expect((growth - weight).magnitude < 1e-14 * weight)
  }

  @Test("A disturbance is followed no further than it is small: what saturates still counts as growing")
  func saturated() throws {
    // Of h = tanh(3 h) zero is unstable, and what leaves it ends near ±1.
    let growth = try #require(
      measured(weight: 3, activation: .tanh, x: [Double](repeating: 0, count: 64)))
    // It ends at 3e-3 at most, where tanh x is x (1 − x²/3): 3e-6 are missing, and before less than that together.
    #expect((growth - 3).magnitude < 1e-5)
  }

  @Test("A disturbance is followed no further than it is more than rounding")
  func forgotten() throws {
    // h stays near 1/2, where each run rounds by 2⁻⁵⁴: of 1e-14 that is a hundredth, of which this is a root.
    let growth = try #require(measured(weight: 0.15, x: [Double](repeating: 0.425, count: 64)))
    #expect((growth - 0.15).magnitude < 0.01 * 0.15)
  }

  @Test(
    "It is measured from where the direction starts, over the valid steps only",
    arguments: [Direction.forward, .backward])
  func direction(_ direction: Direction) {
    // Where x is low, the unit is dead and forgets everything at once: nothing is left to measure.
    let valid = [0.0, 0, 0, 0, 0, 0, -100, -100]
    let growth = measured(
      weight: 1.5, activation: .relu, x: valid + [0, 0, 0, 0], length: valid.count, direction: direction)
    switch direction {
    case .forward: #expect(growth.map { ($0 - 1.5).magnitude < 1e-12 } ?? false)
    case .backward: #expect(growth == nil)
    }
  }

  /// Of two units that depend on their own past alone.
  private func measured(
    weight: Double, activation: Activation = .linear, x: [Double], length: Int? = nil,
    direction: Direction = .forward
  ) -> Double? {
    let gate = Gate(
      weightIH: Matrix(rows: 2, columns: 1, elements: [1, 1]),
      weightHH: Matrix(rows: 2, columns: 2, elements: [weight, 0, 0, weight]), biasIH: nil, biasHH: nil)
    let cell = Cell.rnn(RNNCell(gate: gate, activation: activation, formula: .twoBias))
    return Growth.perStep(
      Pass(direction: direction, cell: cell),
      input: RecordedSequence(
        BatchedSequence(timesteps: x.count, batch: 1, features: 1, elements: x)),
      times: direction.times(length ?? x.count))
  }
}
