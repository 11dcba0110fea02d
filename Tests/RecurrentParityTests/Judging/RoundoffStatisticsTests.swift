import Testing

@testable import RecurrentParity

@Suite struct RoundoffStatisticsTests {
  @Test("The effective roundoff is the root mean square of r/σ")
  func rootMeanSquare() {
    let statistics = gathered([(3, 10, 1), (8, 10, 2)])
    #expect(statistics.effectiveRoundoffRms == (12.5).squareRoot())
    #expect(statistics.maxEffectiveRoundoff == 4)
    #expect(statistics.maxResidual == 8)
    #expect(statistics.maxBoundRatio == 0.8)
    #expect(!statistics.isBeyondBound)
    #expect(statistics.counted == 2)
  }

  @Test("A unit that neither rounds nor departs does not count")
  func deadUnits() {
    let alive = gathered([(3, 10, 1)])
    let withDead = gathered([(3, 10, 1), (0, 0, 0), (0, 5, 0)])
    #expect(withDead.effectiveRoundoffRms == alive.effectiveRoundoffRms)
    #expect(withDead.counted == 1)
    #expect(gathered([(0, 0, 0)]).effectiveRoundoffRms == 0)
    #expect(RoundoffStatistics().effectiveRoundoffRms == 0)
  }

  @Test("An exact element counts where it could have rounded")
  func exactElements() {
    let statistics = gathered([(0, 10, 1), (2, 10, 1)])
    #expect(statistics.counted == 2)
    #expect(statistics.effectiveRoundoffRms == (2.0).squareRoot())
  }

  @Test("A residual where nothing may differ is beyond its bound")
  func impossibleResidual() {
    let statistics = gathered([(1e-30, 0, 0)])
    #expect(statistics.isBeyondBound)
    #expect(statistics.maxBoundRatio == .infinity)
    #expect(statistics.maxEffectiveRoundoff == .infinity)
    #expect(RoundoffThreshold.isExceeded(statistics))
  }

  @Test("NaN is never a small residual", arguments: [(Double.nan, 10.0, 1.0), (1, .nan, 1), (1, 10, .nan)])
  func nan(residual: Double, bound: Double, scale: Double) {
    // Whatever comes before and after it.
    for elements in [[(1, 10, 1), (residual, bound, scale)], [(residual, bound, scale), (1.0, 10.0, 1.0)]] {
      let statistics = gathered(elements)
      let isFlagged = statistics.isBeyondBound || RoundoffThreshold.isExceeded(statistics)
      #expect(isFlagged)
      if residual.isNaN {
        #expect(statistics.isBeyondBound)
        #expect(statistics.maxResidual.isNaN)
        #expect(statistics.maxBoundRatio.isNaN)
      }
    }
  }

  @Test("A residual is beyond the bound above it, not at it")
  func boundary() {
    #expect(!gathered([(10, 10, 10)]).isBeyondBound)
    #expect(gathered([((10.0).nextUp, 10, 10)]).isBeyondBound)
  }

  @Test("One element at its own limit does not flag the others", arguments: [1, 4, 16, 64, 1024])
  func loneElement(count: Int) {
    // Powers of four: 32/√count is exact.
    let honest = [(residual: Double, bound: Double, scale: Double)](repeating: (0, 100, 1), count: count - 1)
    #expect(!RoundoffThreshold.isExceeded(gathered(honest + [(32, 100, 1)])))
    #expect(RoundoffThreshold.isExceeded(gathered(honest + [((32.0).nextUp, 100, 1)])))
  }

  @Test("Many elements are flagged together long before one alone would be")
  func commonShift() {
    // 4 is the limit of the mean once 32/√count is not above it, from 64 elements on.
    let at = [(residual: Double, bound: Double, scale: Double)](repeating: (4, 100, 1), count: 64)
    let above = [(residual: Double, bound: Double, scale: Double)](repeating: (4.125, 100, 1), count: 64)
    #expect(!RoundoffThreshold.isExceeded(gathered(at)))
    #expect(RoundoffThreshold.isExceeded(gathered(above)))
  }

  @Test("A control that rounds as badly raises both limits, to four times its own")
  func control() {
    let control = gathered(
      [(residual: Double, bound: Double, scale: Double)](repeating: (10, 100, 1), count: 64))
    let at = [(residual: Double, bound: Double, scale: Double)](repeating: (40, 100, 1), count: 64)
    let above = [(residual: Double, bound: Double, scale: Double)](repeating: (40.5, 100, 1), count: 64)
    #expect(RoundoffThreshold.isExceeded(gathered(at)))
    #expect(!RoundoffThreshold.isExceeded(gathered(at), controls: [control]))
    #expect(RoundoffThreshold.isExceeded(gathered(above), controls: [control]))
  }

  @Test("Of several controls the least exact counts: any may be exact by luck")
  func severalControls() {
    func control(_ residual: Double) -> RoundoffStatistics {
      gathered([(residual: Double, bound: Double, scale: Double)](repeating: (residual, 100, 1), count: 64))
    }
    let honest = [(residual: Double, bound: Double, scale: Double)](repeating: (40, 100, 1), count: 64)
    #expect(RoundoffThreshold.isExceeded(gathered(honest), controls: [control(0), control(0.5)]))
    for controls in [[0, 0.5, 10], [10, 0.5, 0]] {
      #expect(!RoundoffThreshold.isExceeded(gathered(honest), controls: controls.map(control)))
    }
  }

  @Test("Roundings that are copies of each other count once")
  func repeatedRoundings() {
    let copies = [(residual: Double, bound: Double, scale: Double)](repeating: (8, 100, 1), count: 64)
    #expect(RoundoffThreshold.isExceeded(gathered(copies), distinct: 64))
    #expect(RoundoffThreshold.isExceeded(gathered(copies), distinct: 17))
    #expect(!RoundoffThreshold.isExceeded(gathered(copies), distinct: 16))
  }

  @Test("A better control lowers no limit", arguments: [0, 0.5])
  func betterControl(residual: Double) {
    let control = gathered(
      [(residual: Double, bound: Double, scale: Double)](repeating: (residual, 100, 1), count: 64))
    let honest = [(residual: Double, bound: Double, scale: Double)](repeating: (3, 100, 1), count: 64)
    #expect(!RoundoffThreshold.isExceeded(gathered(honest), controls: [control]))
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
