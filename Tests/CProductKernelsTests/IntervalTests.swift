import CProductKernels
import RandomNetworks
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#endif
#if canImport(Glibc)
  import Glibc
#else
  import Foundation
#endif

/// What this processor can run beside the portable kernels.
private let others = [InstructionSet.AVX2, .AVX512].filter { $0.rawValue <= best_instruction_set().rawValue }

private let float32 = Roundings(
  operation: 0x1p-24, activation: 0x1p-20, scale: 0x1p-24, underflow: 0x1p-126, checker: 0x1p-53,
  largest: Double(Float.greatestFiniteMagnitude))

@Suite struct IntervalTests {
  @Test("No two instruction sets give another bit, for every number of elements and of every kind")
  func sets() {
    for count in [0, 1, 2, 3, 7, 8, 9, 31, 64, 100] {
      var random = Randomness(seed: UInt64(count))
      let (a, b, c) = (Intervals(count, &random), Intervals(count, &random), Intervals(count, &random))
      for set in others {
        for (name, operation) in operations(a, b, c) {
          #expect(operation(set).bits == operation(.portable).bits, "\(name) \(set) \(count)")
        }
      }
    }
  }

  @Test("Finishing a sum gives the same bits in every instruction set")
  func sum() {
    let roundings = SumRoundings(
      each: 0x1p-20, scale: 0x1p-24, underflow: 0x1p-126, term_underflow: 0x1p-126, checker: 0x1p-50,
      largest: Double(Float.greatestFiniteMagnitude))
    for (rows, units) in [(1, 1), (3, 7), (2, 17), (5, 32)] {
      var random = Randomness(seed: UInt64(units))
      let unit = (0..<5).map { _ in Intervals(units, &random).radius }
      let row = Intervals(rows, &random).radius
      let (start, absolute) = (Intervals(rows * units, &random), Intervals(rows * units, &random).radius)
      func finished(_ set: InstructionSet) -> Intervals {
        var value = start
        interval_finish_sum(
          set, roundings, rows, units, row, unit[0], unit[1], unit[2], unit[3], unit[4], absolute,
          &value.midpoint, &value.radius, &value.scale)
        return value
      }
      for set in others {
        #expect(finished(set).bits == finished(.portable).bits, "\(set) \(rows) × \(units)")
      }
    }
  }

  /// The C library's is good to a unit in the last place, 2⁻⁵³ at most.
  @Test(
    "tanh and sigmoid are good to 3 · 2⁻⁵³, and exact where nothing is rounded",
    arguments: [3e-3, 1, 30, 800])
  func activations(_ limit: Double) {
    var random = Randomness(seed: 1)
    var block = Intervals(zeros: 20_000)
    for index in block.midpoint.indices {
      block.midpoint[index] = .random(in: -limit...limit, using: &random)
    }
    let (tangents, sigmoids) = (applied(interval_tanh, to: block), applied(interval_sigmoid, to: block))
    for (index, x) in block.midpoint.enumerated() {
      #expect((tangents.midpoint[index] - tanh(x)).magnitude <= 4 * 0x1p-53, "\(x)")
      #expect((sigmoids.midpoint[index] - 1 / (1 + exp(-x))).magnitude <= 6 * 0x1p-53, "\(x)")
      // Small results are as good, relative to themselves, but where eˣ is no longer normal.
      #expect((tangents.midpoint[index] - tanh(x)).magnitude <= 6 * 0x1p-53 * tanh(x).magnitude, "\(x)")
      if x > -700 { #expect((sigmoids.midpoint[index] * (1 + exp(-x)) - 1).magnitude <= 8 * 0x1p-53, "\(x)") }
    }
    block = Intervals(zeros: 5)
    block.midpoint = [0, -0.0, .infinity, -.infinity, .nan]
    #expect(Array(applied(interval_tanh, to: block).bits.prefix(4)) == [0, -0.0, 1, -1].map(\.bitPattern))
    #expect(applied(interval_sigmoid, to: block).midpoint[..<3] == [0.5, 0.5, 1])
    #expect(applied(interval_sigmoid, to: block).midpoint[3] < 0x1p-1000)
    #expect(applied(interval_tanh, to: block).midpoint[4].isNaN)
    #expect(applied(interval_sigmoid, to: block).midpoint[4].isNaN)
  }

  /// Radii from a rounding to half of the range, also of many widths in one block.
  @Test("An interval's image is within its radius about the image of its middle")
  func images() {
    var exact = float32
    (exact.activation, exact.underflow) = (0, 0)
    var random = Randomness(seed: 2)
    for exponent in -30...1 {
      var block = Intervals(zeros: 1000)
      for index in block.midpoint.indices {
        block.midpoint[index] = .random(in: -12...12, using: &random)
        block.radius[index] =
          .random(in: 0...1, using: &random) * Double(sign: .plus, exponent: exponent, significand: 1)
      }
      for (kernel, function) in [(interval_tanh, { tanh($0) }), (interval_sigmoid, { 1 / (1 + exp(-$0)) })]
        as [(Kernel, (Double) -> Double)]
      {
        let image = applied(kernel, to: block, exact)
        for index in block.midpoint.indices {
          let (m, r) = (block.midpoint[index], block.radius[index])
          for x in [m - r, m - r / 2, m, m + r / 3, m + r] {
            // The C library's own error is 2⁻⁵³ at most, of either function 3 · 2⁻⁵³.
            let distance = (function(x) - image.midpoint[index]).magnitude
            #expect(distance <= image.radius[index] + 3 * 0x1p-53, "\(m) ± \(r)")
          }
          // It is no wider than the interval, nor than half of what it can reach.
          #expect(image.radius[index] <= 1.01 * r + 0x1p-49)
        }
      }
    }
  }
}

// MARK: Blocks

private typealias Pointer = UnsafePointer<Double>
private typealias Result = UnsafeMutablePointer<Double>
private typealias Kernel = (
  InstructionSet, Roundings, Int, Pointer?, Pointer?, Pointer?, Result?, Result?, Result?
) -> Void

private struct Intervals {
  var midpoint: [Double]
  var radius: [Double]
  var scale: [Double]

  init(zeros count: Int) {
    midpoint = [Double](repeating: 0, count: count)
    radius = midpoint
    scale = midpoint
  }

  /// Of all sizes: zeros, subnormal, huge, and not a number.
  init(_ count: Int, _ random: inout Randomness) {
    self.init(zeros: count)
    for index in 0..<count {
      let sizes = [0, 0x1p-140, 0x1p-126, 1e-3, 1, 1, 30, 0x1p127]
      let size = sizes[Int.random(in: 0..<sizes.count, using: &random)]
      midpoint[index] = .random(in: -1...1, using: &random) * size
      radius[index] = .random(in: 0...1, using: &random) * [0, 0x1p-130, 1e-7, 1e-2][index % 4]
      scale[index] = radius[index] / 3
      if index % 50 == 49 { radius[index] = .nan }
    }
  }

  /// NaN is one value, whatever its bits.
  var bits: [UInt64] { (midpoint + radius + scale).map { $0.isNaN ? Double.nan.bitPattern : $0.bitPattern } }
}

private func applied(
  _ kernel: Kernel, to a: Intervals, _ roundings: Roundings = float32,
  in set: InstructionSet = best_instruction_set()
) -> Intervals {
  var result = Intervals(zeros: a.midpoint.count)
  kernel(
    set, roundings, a.midpoint.count, a.midpoint, a.radius, a.scale, &result.midpoint, &result.radius,
    &result.scale)
  return result
}

private func operations(
  _ a: Intervals, _ b: Intervals, _ c: Intervals
) -> [(String, (InstructionSet) -> Intervals)] {
  let count = a.midpoint.count
  func result(_ kernel: (inout Intervals) -> Void) -> Intervals {
    var result = Intervals(zeros: count)
    kernel(&result)
    return result
  }
  return [
    ("tanh", { applied(interval_tanh, to: a, in: $0) }),
    ("sigmoid", { applied(interval_sigmoid, to: a, in: $0) }),
    (
      "product",
      { set in
        result {
          interval_product(
            set, float32, count, a.midpoint, a.radius, a.scale, b.midpoint, b.radius, b.scale, &$0.midpoint,
            &$0.radius, &$0.scale)
        }
      }
    ),
    (
      "addition",
      { set in
        result {
          interval_addition(
            set, float32, count, a.midpoint, a.radius, a.scale, b.midpoint, b.radius, b.scale, &$0.midpoint,
            &$0.radius, &$0.scale)
        }
      }
    ),
    (
      "blend",
      { set in
        result {
          interval_blend(
            set, float32, 1, count, a.midpoint, a.radius, a.scale, b.midpoint, b.radius, b.scale, c.midpoint,
            c.radius, c.scale, &$0.midpoint, &$0.radius, &$0.scale)
        }
      }
    ),
    (
      "blend the other way",
      { set in
        result {
          interval_blend(
            set, float32, 0, count, a.midpoint, a.radius, a.scale, b.midpoint, b.radius, b.scale, c.midpoint,
            c.radius, c.scale, &$0.midpoint, &$0.radius, &$0.scale)
        }
      }
    ),
    (
      "sums",
      { set in
        result {
          ($0.midpoint, $0.radius) = (a.midpoint, b.radius)
          interval_begin_sum(set, count, 0x1p-24, 0x1p-16, 0x1p-140, &$0.radius, &$0.scale)
          interval_continue_sum(
            set, count, 0x1p-24, 0x1p-16, 0x1p-140, b.midpoint, c.radius, &$0.midpoint, &$0.radius, &$0.scale)
        }
      }
    ),
  ]
}
