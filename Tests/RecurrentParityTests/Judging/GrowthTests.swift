import Recurrent
import Testing

@testable import RecurrentParity

@Suite struct GrowthTests {
  /// `h_t = w h_{t−1}`: a disturbance grows by |w| in every step, whatever the input.
  private func growth(_ w: Double, steps: Int = 40, direction: Direction = .forward) -> Double? {
    let gate = Gate(
      weightIH: Matrix(rows: 1, columns: 1, elements: [1]),
      weightHH: Matrix(rows: 1, columns: 1, elements: [w]), biasIH: nil, biasHH: nil)
    let cell = Cell.rnn(RNNCell(gate: gate, activation: .linear, formula: .twoBias))
    let input = BatchedSequence<Double>(
      timesteps: steps, batch: 1, features: 1, elements: (0..<steps).map { 0.01 * Double($0) })
    return Growth.perStep(Pass(direction: direction, cell: cell), input: input, length: steps)
  }

  @Test(
    "A linear network's growth is its weight, in either direction", arguments: [0.5, -0.9, 1.5, 3.0],
    [Direction.forward, .backward])
  func linear(_ w: Double, _ direction: Direction) throws {
    // The disturbance, 1e-8 at first, is at least 1e-14 in states below 1, whose rounding is 2⁻⁵³: 1 % of it at
    // most, and its root over the steps is closer.
    #expect((try #require(growth(w, direction: direction)) - w.magnitude).magnitude < 0.01 * w.magnitude)
  }

  @Test("What is forgotten at once has no growth")
  func forgotten() {
    #expect(growth(0) == nil)
  }

  @Test("The bundled chaotic network grows, an ordinary one does not")
  func bundledNetworks() throws {
    for (name, isChaotic) in [("simplernn-chaotic", true), ("simplelstm", false)] {
      let options = JudgingOptions(diagnoses: false, measuresGrowth: true)
      for pass in try bundled(name).judged(options).references.flatMap(\.passes) {
        let growth = try #require(pass.freeRunning.growthPerStep)
        #expect((growth > 1) == isChaotic)
      }
    }
  }
}
