import RandomNetworks
import Recurrent
import Testing

/// Values of an activation that are exact in any binary format.
struct KnownValues: Sendable {
  let activation: Activation
  let inputs: [Double]
  let values: [Double]

  init(_ activation: Activation, _ inputs: [Double], _ values: [Double]) {
    (self.activation, self.inputs, self.values) = (activation, inputs, values)
  }
}

private let knownValues = [
  KnownValues(.relu, [-2.5, 0, 2.5, -.infinity, .infinity], [0, 0, 2.5, 0, .infinity]),
  KnownValues(.linear, [-2.5, 0, 2.5, -.infinity, .infinity], [-2.5, 0, 2.5, -.infinity, .infinity]),
  KnownValues(.tanh, [0, -.infinity, .infinity], [0, -1, 1]),
  KnownValues(.sigmoid, [0, -.infinity, .infinity], [0.5, 0, 1]),
  // relu6(x + 3) / 6
  KnownValues(.hardSigmoid, [-4, -3, -1.5, 0, 1.5, 3, 4], [0, 0, 0.25, 0.5, 0.75, 1, 1]),
  // clip(0.2 x + 0.5, 0, 1)
  KnownValues(.hardSigmoidKeras2, [-4, -2.5, -1.25, 0, 1.25, 2.5, 4], [0, 0, 0.25, 0.5, 0.75, 1, 1]),
  // clip(α x + β, 0, 1)
  KnownValues(.hardSigmoidONNX(alpha: 0.25, beta: 0.75), [-4, -3, -2, 0, 1, 4], [0, 0, 0.25, 0.75, 1, 1]),
  // α (eˣ − 1)
  KnownValues(.elu(alpha: 3), [-.infinity, 0, 2, .infinity], [-3, 0, 2, .infinity]),
  KnownValues(.selu, [0, .infinity], [0, .infinity]),
  KnownValues(.softsign, [-3, -1, 0, 1, 3], [-0.75, -0.5, 0, 0.5, 0.75]),
  KnownValues(.softplus, [-.infinity, -1000, 1000, .infinity], [0, 0, 1000, .infinity]),
  KnownValues(.leakyRelu(alpha: 0.25), [-8, -1, 0, 2, .infinity], [-2, -0.25, 0, 2, .infinity]),
  KnownValues(.hardTanh, [-.infinity, -1, -0.25, 0, 0.75, 2], [-1, -1, -0.25, 0, 0.75, 1]),
]

@Suite struct FormulaTests {
  // Worked out by hand: no two of these weights may be exchanged without another result.
  private let x = Matrix<Float>(rows: 2, columns: 1, elements: [2, -1])
  private let h = Matrix<Float>(rows: 2, columns: 2, elements: [1, -1, 0, 3])
  private let W_ih = Matrix<Float>(rows: 2, columns: 1, elements: [1, -3])
  private let W_hh = Matrix<Float>(rows: 2, columns: 2, elements: [0, 1, 5, 2])

  @Test("The two-bias step is f(x W_ihᵀ + b_ih + h W_hhᵀ + b_hh)")
  func twoBias() {
    let next = RNN.twoBias(
      x: x, h: h, weightIH: W_ih, weightHH: W_hh, biasIH: [1, 2], biasHH: [10, 20], activation: .relu)
    // Unit 0: 2·1 + 1 + (1·0 − 1·1) + 10 = 12; unit 1: 2·(−3) + 2 + (1·5 − 1·2) + 20 = 19.
    // Unit 0: −1·1 + 1 + (0·0 + 3·1) + 10 = 13; unit 1: −1·(−3) + 2 + (0·5 + 3·2) + 20 = 31.
    #expect(next.elements == [12, 19, 13, 31])
  }

  @Test("The one-bias step is f(x W + b + h U), its weights the transposes of the two-bias ones")
  func oneBias() {
    let next = RNN.oneBias(
      x: x, h: h, kernel: W_ih.T, recurrentKernel: W_hh.T, bias: [11, 22], activation: .relu)
    #expect(next.elements == [12, 19, 13, 31])
  }

  @Test("A cell without biases adds none")
  func noBias() {
    let two = RNN.twoBias(
      x: x, h: h, weightIH: W_ih, weightHH: W_hh, biasIH: nil, biasHH: nil, activation: .relu)
    // 2 − 1, −6 + 3, −1 + 3, 3 + 6.
    #expect(two.elements == [1, 0, 2, 9])
    #expect(
      RNN.oneBias(x: x, h: h, kernel: W_ih.T, recurrentKernel: W_hh.T, bias: nil, activation: .relu) == two)
  }

  @Test("An activation has the values of its definition", arguments: knownValues)
  func activation(_ known: KnownValues) {
    #expect(known.inputs.map { known.activation($0) } == known.values)
    #expect(known.inputs.map { known.activation(Float($0)) } == known.values.map(Float.init))
  }

  @Test("No activation makes a number of NaN", arguments: Activation.samples)
  func nan(_ activation: Activation) {
    #expect(activation(Double.nan).isNaN)
    #expect(activation(Float.nan).isNaN)
  }

  /// tanh from its series in exact arithmetic, 20 digits: OEIS A073744 (tanh 1), and tanh ½ = (e − 1)/(e + 1).
  @Test(
    "tanh is the hyperbolic tangent",
    arguments: [(1.0, 0.76159415595576488812), (0.5, 0.46211715726000975850)])
  func tanh(x: Double, expected: Double) {
    // A library's tanh is good to 2 ulp (glibc manual, "Errors in Math Functions").
    #expect(abs(Activation.tanh(x) - expected) <= 2 * expected.ulp)
    #expect(abs(Activation.tanh(-x) + expected) <= 2 * expected.ulp)
    #expect(abs(Activation.tanh(Float(x)) - Float(expected)) <= 3 * Float(expected).ulp)
  }

  @Test(
    "The two formulas agree when b = b_ih + b_hh", arguments: Precision.allCases, [Activation.tanh, .relu])
  func agree(_ precision: Precision, _ activation: Activation) throws {
    try check(precision.type)

    // A pre-activation of N = I + H + 2 terms is within N·u·S of its exact value in any order; the two formulas
    // have one each, and the rounding of b is the second bias's share. S is evaluated to N·u, which makes a
    // third. Both activations have slope at most 1; two evaluations of tanh are 2 ulp off each, and an ulp
    // below 1 is at most 2u.
    func check<S: Scalar>(_: S.Type) throws {
      var random = Randomness(seed: 8)
      let (I, H, B) = (5, 7, 4)
      let two: RNNCell<S> = random.rnn(.twoBias, input: I, hidden: H, activation: activation)
      var one = two
      one.gate.biasIH = zip(try #require(two.gate.biasIH), try #require(two.gate.biasHH)).map(+)
      one.gate.biasHH = nil
      one.formula = .oneBias
      let x: Matrix<S> = random.matrix(B, I)
      let h: Matrix<S> = random.matrix(B, H)
      let (a, b) = (two.step(x: x, h: h), one.step(x: x, h: h))
      let u = S.unitRoundoff
      for index in a.elements.indices {
        let size = preactivationSize(two, x, h, row: index / H, unit: index % H)
        let bound = 3 * S(I + H + 2) * u * size + (activation == .tanh ? 8 * u : 0)
        #expect(abs(a.elements[index] - b.elements[index]) <= bound)
      }
    }
  }

  @Test("The two formulas differ when b is only one of the two biases", arguments: Precision.allCases)
  func differ(_ precision: Precision) {
    check(precision.type)

    func check<S: Scalar>(_: S.Type) {
      var random = Randomness(seed: 9)
      let two: RNNCell<S> = random.rnn(.twoBias, input: 5, hidden: 7)
      for bias in [two.gate.biasIH, two.gate.biasHH] {
        var one = two
        one.gate.biasIH = bias
        one.gate.biasHH = nil
        one.formula = .oneBias
        let x: Matrix<S> = random.matrix(1, 5)
        let h: Matrix<S> = random.matrix(1, 7)
        let different = zip(two.step(x: x, h: h).elements, one.step(x: x, h: h).elements).count(where: !=)
        #expect(different == 7)
      }
    }
  }

  @Test("A cell of each formula computes that formula")
  func cellStep() {
    let gate = Gate(weightIH: W_ih, weightHH: W_hh, biasIH: [1, 2], biasHH: [10, 20])
    let two = RNNCell(gate: gate, activation: .relu, formula: .twoBias)
    #expect(two.step(x: x, h: h).elements == [12, 19, 13, 31])
    #expect(Cell.rnn(two).step(x: x, h: h).elements == [12, 19, 13, 31])
    let oneGate = Gate(weightIH: W_ih, weightHH: W_hh, biasIH: [11, 22], biasHH: nil)
    let one = RNNCell(gate: oneGate, activation: .relu, formula: .oneBias)
    #expect(one.step(x: x, h: h).elements == [12, 19, 13, 31])
  }
}

/// `Σ|x·W| + Σ|h·U| + |b_ih| + |b_hh|` of one pre-activation.
func preactivationSize<S: Scalar>(
  _ cell: RNNCell<S>, _ x: Matrix<S>, _ h: Matrix<S>, row: Int, unit: Int
) -> S {
  var size = abs(cell.gate.biasIH?[unit] ?? 0) + abs(cell.gate.biasHH?[unit] ?? 0)
  for k in 0..<x.columns { size += abs(x[row, k] * cell.gate.weightIH[unit, k]) }
  for k in 0..<h.columns { size += abs(h[row, k] * cell.gate.weightHH[unit, k]) }
  return size
}
