import Testing

@testable import RecurrentParity

@Suite struct RoundoffStatisticsTests {
  @Test("The effective roundoff is the root mean square of r/σ")
  func rootMeanSquare() {
    let statistics = gathered([(3, 10, 1), (8, 10, 2)])
    #expect(statistics.effectiveRoundoff == (12.5).squareRoot())
    #expect(statistics.maxEffectiveRoundoff == 4)
    #expect(statistics.maxResidual == 8)
    #expect(statistics.maxRatio == 0.8)
    #expect(!statistics.isBeyondBound)
    #expect(statistics.counted == 2)
  }

  @Test("A unit that neither rounds nor departs does not count")
  func deadUnits() {
    let alive = gathered([(3, 10, 1)])
    let withDead = gathered([(3, 10, 1), (0, 0, 0), (0, 5, 0)])
    #expect(withDead.effectiveRoundoff == alive.effectiveRoundoff)
    #expect(withDead.counted == 1)
    #expect(gathered([(0, 0, 0)]).effectiveRoundoff == 0)
    #expect(RoundoffStatistics().effectiveRoundoff == 0)
  }

  @Test("An exact element counts where it could have rounded")
  func exactElements() {
    let statistics = gathered([(0, 10, 1), (2, 10, 1)])
    #expect(statistics.counted == 2)
    #expect(statistics.effectiveRoundoff == (2.0).squareRoot())
  }

  @Test("A residual where nothing may differ is beyond its bound")
  func impossibleResidual() {
    let statistics = gathered([(1e-30, 0, 0)])
    #expect(statistics.isBeyondBound)
    #expect(statistics.maxRatio == .infinity)
    #expect(statistics.maxEffectiveRoundoff == .infinity)
    #expect(RoundoffThreshold.isExceeded(statistics, control: nil))
  }

  @Test("NaN is never a small residual", arguments: [(Double.nan, 10.0, 1.0), (1, .nan, 1), (1, 10, .nan)])
  func nan(residual: Double, bound: Double, scale: Double) {
    // Whatever comes before and after it.
    for elements in [[(1, 10, 1), (residual, bound, scale)], [(residual, bound, scale), (1.0, 10.0, 1.0)]] {
      let statistics = gathered(elements)
      let isFlagged = statistics.isBeyondBound || RoundoffThreshold.isExceeded(statistics, control: nil)
      #expect(isFlagged)
      if residual.isNaN {
        #expect(statistics.isBeyondBound)
        #expect(statistics.maxResidual.isNaN)
        #expect(statistics.maxRatio.isNaN)
      }
    }
  }

  @Test("A residual is beyond the bound above it, not at it")
  func boundary() {
    #expect(!gathered([(10, 10, 10)]).isBeyondBound)
    #expect(gathered([((10.0).nextUp, 10, 10)]).isBeyondBound)
  }

  @Test("One element at its own limit does not flag the others", arguments: [1, 4, 16, 36, 49, 1024])
  func loneElement(count: Int) {
    // Square numbers: 40/√count is exact.
    let honest = [(residual: Double, bound: Double, scale: Double)](repeating: (0, 100, 1), count: count - 1)
    #expect(!RoundoffThreshold.isExceeded(gathered(honest + [(40, 100, 1)]), control: nil))
    #expect(RoundoffThreshold.isExceeded(gathered(honest + [((40.0).nextUp, 100, 1)]), control: nil))
  }

  @Test("Many elements are flagged together long before one alone would be")
  func commonShift() {
    // 8 is the limit of the mean once 40/√count is below it, from 26 elements on.
    let at = [(residual: Double, bound: Double, scale: Double)](repeating: (8, 100, 1), count: 64)
    let above = [(residual: Double, bound: Double, scale: Double)](repeating: (8.125, 100, 1), count: 64)
    #expect(!RoundoffThreshold.isExceeded(gathered(at), control: nil))
    #expect(RoundoffThreshold.isExceeded(gathered(above), control: nil))
  }

  @Test("A control that rounds as badly raises both limits, four times its own")
  func control() {
    let control = gathered(
      [(residual: Double, bound: Double, scale: Double)](repeating: (10, 100, 1), count: 64))
    let at = [(residual: Double, bound: Double, scale: Double)](repeating: (40, 100, 1), count: 64)
    let above = [(residual: Double, bound: Double, scale: Double)](repeating: (40.5, 100, 1), count: 64)
    #expect(RoundoffThreshold.isExceeded(gathered(at), control: nil))
    #expect(!RoundoffThreshold.isExceeded(gathered(at), control: control))
    #expect(RoundoffThreshold.isExceeded(gathered(above), control: control))
  }

  @Test("Roundings that are copies of each other count once, and may be larger together")
  func repeatedRoundings() {
    let copies = [(residual: Double, bound: Double, scale: Double)](repeating: (30, 100, 1), count: 64)
    #expect(RoundoffThreshold.isExceeded(gathered(copies), distinct: 64, control: nil))
    #expect(RoundoffThreshold.isExceeded(gathered(copies), distinct: 17, control: nil))
    #expect(!RoundoffThreshold.isExceeded(gathered(copies), distinct: 16, control: nil))
    let tf32 = [(residual: Double, bound: Double, scale: Double)](repeating: (4096, 1e6, 1), count: 64)
    #expect(RoundoffThreshold.isExceeded(gathered(tf32), distinct: 1, control: nil))
  }

  @Test("A better control lowers no limit")
  func betterControl() {
    let control = gathered(
      [(residual: Double, bound: Double, scale: Double)](repeating: (0, 100, 1), count: 64))
    let honest = [(residual: Double, bound: Double, scale: Double)](repeating: (3, 100, 1), count: 64)
    #expect(!RoundoffThreshold.isExceeded(gathered(honest), control: control))
  }

  private func gathered(_ elements: [(residual: Double, bound: Double, scale: Double)]) -> RoundoffStatistics
  {
    var statistics = RoundoffStatistics()
    for element in elements {
      statistics.add(residual: element.residual, bound: element.bound, scale: element.scale)
    }
    return statistics
  }
}
