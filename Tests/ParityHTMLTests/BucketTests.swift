@testable import ParityReport
import RecurrentParity
import Testing

@testable import ParityHTML

/// A long run in few columns.
@Suite struct BucketTests {
  @Test(arguments: [1, 2, 3, 7, 100, 1_000])
  func theWorstOfEachColumnIsKept(most: Int) throws {
    var random = SystemRandomNumberGenerator()
    let steps = (0..<997).map { t in
      Sample.step(
        t, [Verdict.match, .drift, .mismatch].randomElement(using: &random) ?? .match,
        residual: .random(in: 0...1, using: &random), ratio: .random(in: 0.001...2, using: &random),
        drift: .random(in: 0...1, using: &random))
    }
    let buckets = try #require(Buckets(steps, times: 0...996, most: most))
    #expect(buckets.buckets.count <= most && buckets.buckets.count * buckets.width >= 997)
    for (index, bucket) in buckets.buckets.enumerated() {
      let part = steps[index * buckets.width..<min((index + 1) * buckets.width, 997)]
      let bucket = try #require(bucket)
      #expect(bucket.verdict == part.compactMap { Verdict(rawValue: $0.verdict) }.max())
      #expect(bucket.ratio == part.map(\.maxBoundRatio.value).max())
      #expect(bucket.drift == part.map(\.freeRunningMaxAbs.value).max())
    }
  }

  @Test func aStepThatIsNotRecordedIsNone() throws {
    let steps = [0, 1, 5].map { Sample.step($0, .match, residual: 1, ratio: 0.5, drift: 1) }
    let buckets = try #require(Buckets(steps, times: 0...5, most: 10))
    #expect(buckets.buckets.map { $0 != nil } == [true, true, false, false, false, true])
  }

  @Test func residualIsBelowItsBoundExactlyWhereTheRatioIsBelowOne() throws {
    for ratio in [0.5, 2.0] {
      let buckets = try #require(
        Buckets([Sample.step(0, .match, residual: 3e-7, ratio: ratio, drift: 0)], times: 0...0, most: 5))
      let bucket = try #require(buckets.buckets[0])
      #expect((bucket.residual < bucket.bound) == (ratio < 1))
    }
  }
}
