import RandomNetworks
import Recurrent
import Testing

@testable import RecurrentParity

/// The interval that an activation makes of another holds every honest value, and little more.
@Suite struct ActivationBoundTests {
  @Test(
    "Every evaluation from within the interval is within the bound, in Float and in Double",
    arguments: Activation.samples + Activation.approximations + Activation.others)
  func holds(_ activation: Activation) {
    var numbers = Randomness(seed: 110)
    for (format, exponents) in [(FloatFormat.float32, -26...1), (.float64, -55...1)] {
      let arithmetic = ErrorModel(format)
      for _ in 0..<4000 {
        // Around 0, where most are bent, and out to where they saturate; exact in Float.
        let m = Double(Int.random(in: -(1 << 20)...(1 << 20), using: &numbers)) / 0x1p15
        let r = Double(sign: .plus, exponent: Int.random(in: exponents, using: &numbers), significand: 1)
        let block = Bounded(
          rows: 1, columns: 1, midpoint: [m], radius: .each([r]), scale: .each([r / 4]))
        let image = CertifiedArithmetic(arithmetic: arithmetic).apply(activation, to: block)
        let (value, bound) = (image.midpoint[0], image.radii[0])
        // The kernels' tanh and sigmoid are good to 3 · 2⁻⁵³, and the library's to one.
        let isKernel = format == .float32 && (activation == .tanh || activation == .sigmoid)
        #expect((value - activation(m)).magnitude <= (isKernel ? 4 * 0x1p-53 : 0))
        for x in [m - r, m - r / 3, m, m + r / 2, m + r] {
          let run = format == .float32 ? Double(activation(Float(x))) : activation(x)
          // Of x, Float holds what lies within the interval.
          guard format == .float64 || (Double(Float(x)) - m).magnitude <= r else { continue }
          #expect((run - value).magnitude <= bound, "f(\(x)) about f(\(m)) ± \(r)")
        }
        // Sharp: no wider than the steepest slope makes it, and the allowance: 16 u, the checker's 4 · 2⁻⁵³, and
        // the roundings of the two ends; of a quotient of sums
        // twice as much, and the checker's own 24 · 2⁻⁵³.
        let slope = steepest(activation)
        let allowance =
          (Activation.approximations.contains(activation) ? 64 : 24) * arithmetic.format.unitRoundoff
          * max(value.magnitude + slope * r, slope, 1)
        let threshold = activation == .softplus && m + r >= 20 ? 2.1e-9 : 0
        // What is a share of x is off by a share of x.
        let share =
          Activation.others.contains(activation) ? 24 * arithmetic.format.unitRoundoff * (m.magnitude + r) : 0
        #expect(bound <= slope * r * (1 + 4 * min(r, 0x1p-10)) + allowance + threshold + share)
        #expect(image.scales[0] <= bound + threshold)
      }
    }
  }

  @Test("The definitions taken literally, as ONNX Runtime computes them, cancel and are honest")
  func literally() {
    // onnxruntime/core/providers/cpu/rnn/rnn_activation_functors.h: Elu, Softplus, HardSigmoid.
    let literal: [(Activation, @Sendable (Float) -> Float)] = [
      (.elu(alpha: 1), { $0 > 0 ? $0 : Float.exp($0) - 1 }),
      (.elu(alpha: 3), { $0 > 0 ? $0 : 3 * (Float.exp($0) - 1) }),
      (.selu, { $0 > 0 ? 1.050701 * $0 : 1.050701 * (1.6732632 * (Float.exp($0) - 1)) }),
      (.softplus, { Float.log(1 + Float.exp($0)) }),
      (.hardSigmoidONNX(alpha: 2, beta: -30), { max(0, min(1, 2 * $0 - 30)) }),
    ]
    var numbers = Randomness(seed: 111)
    for (activation, evaluate) in literal {
      let x = (0..<4000).map { _ in
        let middle: Float = activation.name == .hardSigmoid ? 15 : 0
        return middle + Float.random(in: -3...3, using: &numbers) * Float.random(in: 0...1, using: &numbers)
      }
      let known = Bounded(
        rows: 1, columns: x.count, midpoint: x.map(Double.init), radius: .none, scale: .none)
      let image = CertifiedArithmetic(arithmetic: ErrorModel(.float32)).apply(activation, to: known)
      let residuals = zip(x, image.midpoint).map { (Double(evaluate($0)) - $1).magnitude }
      #expect(zip(residuals, image.radii).allSatisfy { $0 <= $1 }, "\(activation)")
      // As exact as honest arithmetic is.
      let ratios = zip(residuals, image.scales).map { $0 / $1 }
      #expect((ratios.reduce(0) { $0 + $1 * $1 } / Double(x.count)).squareRoot() < 4, "\(activation)")
    }
  }

  @Test("What only selects adds no rounding: a saturated unit is a proof")
  func selection() {
    func radius(_ activation: Activation, _ m: Double) -> Double {
      let block = Bounded(rows: 1, columns: 1, midpoint: [m], radius: .each([0.5]), scale: .each([0.1]))
      return CertifiedArithmetic(arithmetic: ErrorModel(.float32)).apply(activation, to: block).radii[0]
    }
    #expect(radius(.hardTanh, 2) == 0 && radius(.hardTanh, -2) == 0 && radius(.hardTanh, 0.25) == 0.5)
    #expect(radius(.relu, -2) == 0)
    #expect(radius(.leakyRelu(alpha: 0.25), 2) == 0.5)
    // Two roundings of at most |f| = ⅝: the parameter's and the product's.
    #expect(
      radius(.leakyRelu(alpha: 0.25), -2) > 0.125 && radius(.leakyRelu(alpha: 0.25), -2) < 0.125 + 0x1p-23)
  }

  @Test("PyTorch's softplus, which is x beyond 20, is honest in Float64 too")
  func softplusThreshold() {
    for x in [20.0, 20.5, 25, 36, 50] {
      let block = Bounded(rows: 1, columns: 1, midpoint: [x], radius: .none, scale: .none)
      let image = CertifiedArithmetic(arithmetic: ErrorModel(.float64)).apply(.softplus, to: block)
      #expect((x - image.midpoint[0]).magnitude <= image.radii[0])
      #expect((x - image.midpoint[0]).magnitude <= RoundoffThreshold.element * image.scales[0])
    }
    let below = Bounded(rows: 1, columns: 1, midpoint: [19], radius: .none, scale: .none)
    let image = CertifiedArithmetic(arithmetic: ErrorModel(.float64)).apply(.softplus, to: below)
    #expect(19 - image.midpoint[0] < -image.radii[0])
  }

  private func steepest(_ activation: Activation) -> Double {
    switch activation {
    case .elu(let alpha), .leakyRelu(let alpha), .hardSigmoidONNX(let alpha, _): max(1, alpha)
    case .selu: 1.7581
    case .fastTanh, .fastSigmoid: 1.005
    case .other: 1.15
    default: 1
    }
  }
}
