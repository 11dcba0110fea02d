import CProductKernels
import RandomNetworks
import Testing

/// What this processor can run.
private let available = [InstructionSet.portable, .AVX2, .AVX512].filter {
  $0.rawValue <= best_instruction_set().rawValue
}

@Suite struct ResidualTests {
  @Test("A tally is what plain loops over the elements give, bit for bit", arguments: available)
  func tallied(_ set: InstructionSet) {
    for rows in [1, 7, 8, 9, 20] {
      for units in [1, 7, 8, 9, 127, 128, 129, 300] {
        let elements = Elements(rows, units)
        let (byRow, byUnit) = elements.tallied(in: set)
        for row in 0..<rows {
          let expected = Tally(elements, (0..<units).map { row * units + $0 })
          #expect(byRow[row] == expected, "\(set) \(rows) × \(units), row \(row)")
        }
        for unit in 0..<units {
          var expected = Tally(elements, (0..<rows).map { $0 * units + unit })
          expected.judged = 0
          #expect(byUnit[unit] == expected, "\(set) \(rows) × \(units), unit \(unit)")
        }
      }
    }
  }

  @Test("What is finite and bounded is judged; what has no bound may overflow", arguments: available)
  func compared(_ set: InstructionSet) {
    let values = [0, -1.5, 0x1p-1074, .greatestFiniteMagnitude, .infinity, -.infinity, .nan]
    // Every pair, at every place in a vector.
    let pairs = values.flatMap { value in values.map { (value, $0) } }
    for shift in 0..<8 {
      let all = Array(pairs[shift...])
      let midpoint = all.indices.map { Double($0) }
      var residual = [Double](repeating: 7, count: all.count)
      var (judgeable, overflow) = (all.map { _ in false }, all.map { _ in false })
      residuals(set, all.count, all.map(\.0), midpoint, all.map(\.1), &residual, &judgeable, &overflow)
      for (index, (value, bound)) in all.enumerated() {
        #expect(judgeable[index] == (value.isFinite && !bound.isNaN))
        #expect(overflow[index] == (value.isFinite && bound.isNaN))
        #expect(residual[index].bitPattern == (value - midpoint[index]).magnitude.bitPattern || value.isNaN)
      }
    }
  }

  @Test("One value that is not finite, or that is another, is noticed wherever it is", arguments: available)
  func others(_ set: InstructionSet) {
    let values = (0..<37).map { Double($0) }
    for count in 0...values.count {
      #expect(all_finite(set, count, values) != 0)
      #expect(all_equal(set, count, values, values) != 0)
    }
    for index in values.indices {
      for other in [Double.nan, .infinity, -.infinity, 0.5] {
        var changed = values
        changed[index] = other
        #expect((all_finite(set, changed.count, changed) != 0) == other.isFinite)
        #expect(all_equal(set, changed.count, changed, values) == 0)
      }
      #expect(all_equal(set, 1, [-0.0], [0]) != 0 && all_equal(set, 1, [.nan], [.nan]) == 0)
    }
  }
}

/// Elements of every kind: exact ones, dead ones, ones beyond their bound, some that are not judged, some NaN.
private struct Elements {
  let (rows, units): (Int, Int)
  var (residual, bound, scale): ([Double], [Double], [Double]) = ([], [], [])
  var isJudgeable: [Bool] = []

  init(_ rows: Int, _ units: Int) {
    (self.rows, self.units) = (rows, units)
    var random = Randomness(seed: UInt64(1000 * rows + units))
    for index in 0..<rows * units {
      let kind = Int.random(in: 0..<40, using: &random)
      residual.append(kind < 5 ? 0 : Double.random(in: 0...1, using: &random))
      bound.append(kind == 6 ? 0 : Double.random(in: 0.5...2, using: &random))
      // NaN in some rows and units only, so that it is seen to stay in them.
      scale.append(kind < 3 || kind == 7 ? 0 : index % 97 == 96 ? .nan : 0.01)
      isJudgeable.append(kind != 8)
      if kind == 8 { residual[index] = .nan }
    }
  }

  func tallied(in set: InstructionSet) -> (rows: [Tally], units: [Tally]) {
    var byRow = [ResidualTally](repeating: ResidualTally(), count: rows)
    var columns = [Double](repeating: 0, count: 6 * units)
    columns.withUnsafeMutableBufferPointer { columns in
      func column(_ index: Int) -> UnsafeMutablePointer<Double>? {
        columns.baseAddress.map { $0 + index * units }
      }
      tally_residuals(
        set, rows, units, residual, bound, scale, isJudgeable, &byRow,
        UnitTallies(
          counted: column(0), beyond: column(1), squares: column(2), residual: column(3), ratio: column(4),
          effective: column(5)))
    }
    let byUnit = (0..<units).map { unit in
      ResidualTally(
        judged: 0, counted: columns[unit], beyond: columns[units + unit], squares: columns[2 * units + unit],
        residual: columns[3 * units + unit], ratio: columns[4 * units + unit],
        effective: columns[5 * units + unit])
    }
    return (byRow.map(Tally.init), byUnit.map(Tally.init))
  }
}

private struct Tally: Equatable {
  var (judged, counted, beyond) = (0, 0, 0)
  var (squares, residual, ratio, effective) = (0.0, 0.0, 0.0, 0.0)

  init(_ tally: ResidualTally) {
    (judged, counted, beyond) = (Int(tally.judged), Int(tally.counted), Int(tally.beyond))
    (squares, residual, ratio, effective) = (tally.squares, tally.residual, tally.ratio, tally.effective)
  }

  init(_ elements: Elements, _ indices: [Int]) {
    for index in indices where elements.isJudgeable[index] {
      let (r, bound, scale) = (elements.residual[index], elements.bound[index], elements.scale[index])
      judged += 1
      residual = greater(residual, r)
      ratio = greater(ratio, r == 0 ? 0 : r / bound)
      if !(r <= bound) { beyond += 1 }
      guard !(scale == 0 && r == 0) else { continue }
      counted += 1
      let ε = r == 0 ? 0 : r / scale
      squares += ε * ε
      effective = greater(effective, ε)
    }
  }

  static func == (a: Tally, b: Tally) -> Bool {
    func same(_ x: Double, _ y: Double) -> Bool { x == y || x.isNaN && y.isNaN }
    return (a.judged, a.counted, a.beyond) == (b.judged, b.counted, b.beyond) && same(a.squares, b.squares)
      && same(a.residual, b.residual) && same(a.ratio, b.ratio) && same(a.effective, b.effective)
  }
}

private func greater(_ a: Double, _ b: Double) -> Double { a.isNaN || b.isNaN ? .nan : max(a, b) }
