import RandomNetworks
import Recurrent
import Testing

@testable import RecurrentParity

/// Hardware may flush subnormal numbers to zero, operands as well as results: an honest run then loses all of them.
@Suite struct FlushingTests {
  private static let arithmetic = CertifiedArithmetic(arithmetic: ErrorModel(.float32))

  /// Values of Float32 around its smallest normal number, subnormal ones among them, and a few of order 1.
  private static func values(_ seed: UInt64) -> [Float] {
    var numbers = Randomness(seed: seed)
    return (0..<4000).map { index in
      let exponent = index % 3 == 0 ? -Int(numbers.next() % 8) : -118 - Int(numbers.next() % 32)
      let significand = 1 + Float(numbers.next() % (1 << 23)) / Float(1 << 23)
      return Float(sign: index % 2 == 0 ? .plus : .minus, exponent: exponent, significand: significand)
    }
  }

  private static func block(_ values: [Float]) -> Bounded {
    arithmetic.known(values.map(Double.init), rows: 1, radius: .none, scale: .none)
  }

  /// Within the bound, and not counted as less exact than a single element may be.
  private func expectHonest(_ run: [Float], _ bounded: Bounded, _ operation: String) {
    let (radii, scales) = (bounded.radii, bounded.scales)
    #expect(run.contains { $0 == 0 }, "nothing was flushed by \(operation)")
    for (index, value) in run.enumerated() {
      let residual = (Double(value) - bounded.midpoint[index]).magnitude
      #expect(residual <= radii[index], "\(operation) at \(index)")
      #expect(residual <= RoundoffThreshold.element * scales[index], "\(operation) at \(index)")
    }
  }

  @Test("Elementwise products and sums that flush are honest")
  func elementwise() {
    let (a, b) = (Self.values(1), Self.values(2))
    expectHonest(
      zip(a, b).map { flushed($0) * flushed($1) }.map(flushed),
      Self.arithmetic.product(Self.block(a), Self.block(b)), "product")
    expectHonest(
      zip(a, b).map { flushed($0) + flushed($1) }.map(flushed),
      Self.arithmetic.add(Self.block(a), Self.block(b)), "sum")
  }

  @Test(
    "Activations that flush are honest",
    arguments: [
      Activation.tanh, .relu, .linear, .elu(alpha: 3), .selu, .softsign, .leakyRelu(alpha: 2), .hardTanh,
    ])
  func activations(_ activation: Activation) {
    let x = Self.values(3)
    expectHonest(
      x.map { flushed(activation(flushed($0))) }, Self.arithmetic.apply(activation, to: Self.block(x)),
      activation.description)
  }

  @Test("A blend that flushes is honest, in every form")
  func blend() {
    let (n, h) = (Self.values(4), Self.values(5))
    // Away from 1, where h − n in n + z (h − n) cancels and rounds at the size of n.
    let z = Self.values(6).map { min($0.magnitude, 0.5) }
    let bounded = Self.arithmetic.blend(
      z: Self.block(z), n: Self.block(n), h: Self.block(h), .updateKeeps)
    func times(_ a: Float, _ b: Float) -> Float { flushed(flushed(a) * flushed(b)) }
    func plus(_ a: Float, _ b: Float) -> Float { flushed(flushed(a) + flushed(b)) }
    expectHonest(
      z.indices.map { plus(times(plus(h[$0], -n[$0]), z[$0]), n[$0]) }, bounded, "n + z (h − n)")
    expectHonest(
      z.indices.map { plus(times(z[$0], h[$0]), times(1 - z[$0], n[$0])) }, bounded, "z h + (1 − z) n")
  }

  @Test("A dead ReLU unit keeps its bound of zero: a proof whatever is flushed")
  func deadUnit() {
    let dead = Self.arithmetic.apply(.relu, to: Self.block([-1, -0x1p-130, -0x1p-126]))
    #expect(dead.midpoint == [0, 0, 0])
    #expect(dead.radii == [0, 0, 0])
  }
}

/// As hardware with both flush-to-zero and denormals-are-zero has it.
private func flushed(_ x: Float) -> Float { x.isSubnormal ? 0 : x }
