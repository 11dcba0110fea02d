import CProductKernels
import RandomNetworks
import Testing

/// What this processor can run.
private let available = [InstructionSet.portable, .AVX2, .AVX512].filter {
  $0.rawValue <= best_instruction_set().rawValue
}

@Suite struct PackedWeightTests {
  @Test("Weights lie in panels, zeros behind them, and their magnitudes are added", arguments: available)
  func packed(_ set: InstructionSet) {
    for units in [1, 7, 15, 16, 17, 40] {
      for depth in [0, 1, 7, 8, 9, 33] {
        var random = Randomness(seed: UInt64(100 * units + depth))
        let w = (0..<units * depth).map { _ in Double(Float.random(in: -1...1, using: &random)) }
        let packed = Packed(w, units, depth, in: set)
        var expected = Packed(units, depth)
        expected.areHeld = true
        for (unit, k) in (0..<units).flatMap({ unit in (0..<depth).map { (unit, $0) } }) {
          let weight = w[unit * depth + k]
          let place = (unit / Int(panel_width) * depth + k) * Int(panel_width) + unit % Int(panel_width)
          expected.panels[place] = Float(weight)
          expected.sums[unit] += weight.magnitude
        }
        #expect(packed == expected, "\(set) \(units) × \(depth)")
      }
    }
  }

  @Test(
    "A single weight that Float32 does not hold is noticed, wherever it is", arguments: available,
    [1 + 0x1p-30, 1e300, 1e-300, Double.nan])
  func notHeld(_ set: InstructionSet, weight: Double) {
    let (units, depth) = (19, 11)
    for place in 0..<units * depth {
      var w = [Double](repeating: 0.5, count: units * depth)
      w[place] = weight
      #expect(!Packed(w, units, depth, in: set).areHeld, "\(set) \(place)")
    }
  }
}

private struct Packed: Equatable {
  var panels: [Float]
  var sums: [Double]
  var areHeld = false

  init(_ units: Int, _ depth: Int, filledWith value: Float = 0) {
    let width = Int(panel_width)
    panels = [Float](repeating: value, count: (units + width - 1) / width * width * depth)
    sums = [Double](repeating: Double(value), count: units)
  }

  init(_ w: [Double], _ units: Int, _ depth: Int, in set: InstructionSet) {
    // Whatever was there before has to go.
    self.init(units, depth, filledWith: 7)
    areHeld = pack_narrow_weights(set, w, units, depth, &panels, &sums) != 0
  }
}
