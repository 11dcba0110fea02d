import BundledCases
import FixtureManifest
import RandomNetworks
import Recurrent
import Testing

@testable import RecurrentParity

@Suite struct CertifiedStepTests {
  @Test(
    "The certified midpoint is the literal formula's value, step by step", arguments: try honestFixtures())
  func literalFormula(_ entry: Manifest.Entry) throws {
    let parityCase = try entry.load()
    for reference in parityCase.references {
      for layer in reference.layers.indices {
        for index in reference.layers[layer].passes.indices {
          let problem = reference.problem(layer: layer, pass: index, of: parityCase)
          try expectLiteral(problem, in: ErrorModel(reference.layers[layer].passes[index].format))
        }
      }
    }
  }

  /// The literal formula in Double is an evaluation in Float64, and so is the midpoint of the working arithmetic:
  /// both must lie within the certified bound of Float64 about its own, compensated, midpoint.
  private func expectLiteral(_ problem: StepwiseProblem, in arithmetic: ErrorModel) throws {
    let exact = problem.evaluated(in: ErrorModel(.float64))
    let working = problem.evaluated(in: arithmetic)
    try #require(exact.steps == problem.steps && working.steps == problem.steps)
    for (row, step) in problem.steps.enumerated() {
      let fed = problem.input.values
      let x = Matrix(rows: 1, columns: fed.features, elements: Array(fed.elements[fed.range(step.t, step.b)]))
      let past = State(
        h: try #require(row1(problem.past(.h, step))), c: row1(problem.past(.c, step)))
      let literal = problem.cell.step(x: x, past)
      for ((kind, elements), (_, other)) in zip(exact.states, working.states) {
        let expected = try #require(literal[kind])
        let target = try #require(problem.target[kind])
        for unit in 0..<elements.width {
          let index = row * elements.width + unit
          let (midpoint, bound) = (elements.midpoint[index], elements.bound[index])
          #expect((expected[0, unit] - midpoint).magnitude <= bound, "\(kind) at \(step), unit \(unit)")
          #expect((other.midpoint[index] - midpoint).magnitude <= bound, "\(kind) at \(step), unit \(unit)")
          #expect(other.residual[index] == (target[step.t, step.b, unit] - other.midpoint[index]).magnitude)
        }
      }
    }
  }

  private func row1(_ values: ArraySlice<Double>?) -> Matrix<Double>? {
    values.map { Matrix(rows: 1, columns: $0.count, elements: Array($0)) }
  }

  @Test("The residual of a Float64 run is exact where the terms of the step cancel")
  func cancellation() {
    // 2⁵³ + 1 − 2⁵³ + ¼ = 1¼: a plain sum in Float64 loses the 1, a compensated one nothing.
    let result = step(x: [0x1p53, 1, -0x1p53], weights: [1, 1, 1], bias: 0.25, target: 2).evaluated(
      in: ErrorModel(.float64))
    #expect(result.states.map(\.elements.midpoint) == [[1.25]])
    #expect(result.states.map(\.elements.residual) == [[0.75]])
  }

  @Test("The residual of a Float64 run is that of the exact inner product to a rounding of its own size")
  func exactResiduals() throws {
    var random = Randomness(seed: 40)
    for _ in 0..<50 {
      // Large terms that cancel in pairs but for a last bit, in an order that a plain sum suffers from.
      let big = (0..<16).map { _ in Int.random(in: (1 << 50)...(1 << 51), using: &random) }
      let w = (0..<16).map { _ in Int.random(in: (1 << 40)...(1 << 50), using: &random) }
      let x = big + big.map { -$0 }
      let weights = w + w.map { $0 ^ 1 }
      var exact = WideInteger.zero
      for (a, b) in zip(x, weights) { exact = exact + WideInteger(product: Int64(a), Int64(b)) }
      // ReLU keeps what is positive: turn the sum that way.
      let sign = exact.high < 0 ? -1.0 : 1.0
      let value = exact.approximate.magnitude
      let problem = step(
        x: x.map { sign * Double($0) }, weights: weights.map(Double.init), bias: 0, target: value)
      let result = problem.evaluated(in: ErrorModel(.float64))
      // Beside the exact value the sum is rounded once, and `value` was rounded to an ulp.
      #expect(try #require(result.states.first).elements.residual[0] <= 2 * value.ulp)
      let plain = zip(x, weights).reduce(0.0) { $0 + sign * Double($1.0) * Double($1.1) }
      #expect((plain - value).magnitude > 2 * value.ulp)
    }
  }

  @Test("The radius and the scale of a single known sum are the documented ones")
  func knownRadius() {
    // I = 3, H = 1, one bias and a past of 0: N = 5, S = |1·2| + |2·(−3)| + |4·½| + |−½| = 10½.
    let problem = step(x: [1, 2, 4], weights: [2, -3, 0.5], bias: -0.5, target: 0, activation: .relu)
    var arithmetic = ErrorModel(.float32)
    arithmetic.underflow = 0
    let certified = CertifiedArithmetic(arithmetic: arithmetic)
    let sum = certified.sum(
      [
        (
          bounded([1, 2, 4], radius: .none),
          certified.weights(problem.cell.gate.weightIH, of: .input, roundoff: 0)
        ),
        (
          bounded([0], radius: .relative(0x1p-24)),
          certified.weights(problem.cell.gate.weightHH, of: .state, roundoff: 0)
        ),
      ],
      biases: [Bias(values: [-0.5])], addends: [])
    let (u, N, S) = (0x1p-24, 5.0, 10.5)
    #expect(sum.midpoint == [-2.5])
    #expect(sum.radii == [N * u * S + (N + 2) * 0x1p-53 * S])
    #expect(sum.scales == [u * S])
  }

  /// One step of one unit from a past of zero.
  private func step(
    x: [Double], weights: [Double], bias: Double, target: Double, activation: Activation = .relu
  ) -> StepwiseProblem {
    let gate = Gate<Double>(
      weightIH: Matrix(rows: 1, columns: x.count, elements: weights),
      weightHH: Matrix(rows: 1, columns: 1, elements: [0.5]), biasIH: [bias], biasHH: nil)
    let states = BatchedSequence<Double>(timesteps: 1, batch: 1, features: 1, elements: [target])
    return StepwiseProblem(
      cell: .rnn(RNNCell(gate: gate, activation: activation, formula: .oneBias)), direction: .forward,
      input: LayerInput(
        values: BatchedSequence(timesteps: 1, batch: 1, features: x.count, elements: x)),
      target: RecordedStates(h: states), previous: RecordedStates(h: states), initialState: nil,
      valid: ValidSteps(all: 1, batch: 1),
      steps: [StepIndex(t: 0, b: 0)])
  }

  private func bounded(_ values: [Double], radius: Spread) -> Bounded {
    Bounded(rows: 1, columns: values.count, midpoint: values, radius: radius, scale: .none)
  }
}
