import RandomNetworks
import Recurrent
import Testing

@Suite struct ActivationTests {
  @Test("Every activation is monotone", arguments: Activation.samples)
  func monotone(_ activation: Activation) {
    let values = (-6000...6000).map { activation(Double($0) / 500) }
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(values.first != values.last)
  }

  @Test("What approximates tanh is as far from it as its name says, odd, and its sigmoid runs from 0 to 1")
  func approximations() {
    let farthest: [FastTanh: ClosedRange<Double>] = [
      .cubic: 0.0235...0.0236, .pade54: 0.00135...0.00136, .pade76: 9.6e-5...9.7e-5,
      .neuralAmp: 0.0008...0.0009,
    ]
    for tanh in FastTanh.allCases {
      let points = (-6000...6000).map { Double($0) / 500 }
      let (fast, sigmoid) = (Activation.fastTanh(tanh), Activation.fastSigmoid(tanh))
      let departure = points.map { abs(fast($0) - Activation.tanh($0)) }.max() ?? .nan
      #expect(farthest[tanh]?.contains(departure) == true, "\(tanh): \(departure)")
      for x in points {
        #expect(fast(-x) == -fast(x))
        let (exact, half) = (Activation.tanh, abs(fast(x / 2) - Activation.tanh(x / 2)))
        #expect(abs(abs(sigmoid(x) - (1 + exact(x / 2)) / 2) - half / 2) <= 1e-15)
      }
    }
  }

  @Test("The functions with an exponential have the values of their definitions")
  func exponentials() {
    for x in [-3.0, -0.5, 0.25, 2.0] {
      let exp = Double.exp(x)
      // Ten digits: the definitions themselves lose some.
      #expect(abs(Activation.softplus(x) - Double.log(1 + exp)) < 1e-10)
      #expect(abs(Activation.elu(alpha: 3)(x) - (x > 0 ? x : 3 * (exp - 1))) < 1e-10)
      let selu = x > 0 ? 1.0507009873554805 * x : 1.0507009873554805 * 1.6732632423543772 * (exp - 1)
      #expect(abs(Activation.selu(x) - selu) < 1e-10)
    }
  }

  @Test("Every function is made of its name and its parameters, and tells them")
  func names() throws {
    for name in ActivationName.allCases { #expect(try Activation(name).name == name) }
    #expect(try Activation(.elu) == .elu(alpha: 1))
    #expect(try Activation(.elu, alpha: 0.5) == .elu(alpha: 0.5))
    #expect(try Activation(.leakyRelu) == .leakyRelu(alpha: 0.01))
    #expect(try Activation(.hardSigmoid) == .hardSigmoid)
    #expect(try Activation(.hardSigmoid, alpha: 0.2, beta: 0.5) == .hardSigmoidONNX(alpha: 0.2, beta: 0.5))
    #expect(Activation.hardTanh.description == "hard_tanh")
    #expect(Activation.leakyRelu(alpha: 0.5).description == "leaky_relu(alpha 0.5)")
  }

  @Test(
    "A parameter that makes no activation is refused",
    arguments: [
      (ActivationName.tanh, 1.0, nil, ActivationError.Parameter.alpha),
      (.softplus, nil, 1.0, .beta), (.elu, -1, nil, .alpha), (.elu, .nan, nil, .alpha),
      (.leakyRelu, -.ulpOfOne, nil, .alpha), (.leakyRelu, .infinity, nil, .alpha), (.leakyRelu, 1, 1, .beta),
      (.hardSigmoid, 0.2, nil, .beta), (.hardSigmoid, nil, 0.5, .alpha), (.hardSigmoid, -0.2, 0.5, .alpha),
      (.hardSigmoid, 0.2, .infinity, .beta), (.hardSigmoidKeras2, 0.2, 0.5, .beta),
      (.selu, 1.67, nil, .alpha),
    ] as [(ActivationName, Double?, Double?, ActivationError.Parameter)])
  func refused(
    _ name: ActivationName, _ alpha: Double?, _ beta: Double?, _ parameter: ActivationError.Parameter
  ) {
    let error = #expect(throws: ActivationError.self) { try Activation(name, alpha: alpha, beta: beta) }
    #expect(error?.parameter == parameter)
  }
}
