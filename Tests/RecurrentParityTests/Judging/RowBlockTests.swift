import Testing

@testable import RecurrentParity

@Suite struct RowBlockTests {
  @Test(
    "Blocks have every row once, whole tiles but at the end, and so many that two cores have about the same")
  func blocks() {
    for rows in 0...2000 {
      let blocks = StepEvaluator<CertifiedArithmetic>.blocks(of: rows)
      #expect(blocks.flatMap { Array($0) } == Array(0..<rows))
      #expect(blocks.allSatisfy { 1...64 ~= $0.count })
      #expect(blocks.dropLast().allSatisfy { $0.count % 8 == 0 && $0.count == blocks[0].count })
      #expect(blocks.count == 1 || rows <= 64 || blocks.count <= 2 * ((rows + 127) / 128))
    }
  }

  @Test("Windows of a granule's multiple have every timestep once, and are as small as asked for")
  func windows() {
    for timesteps in [1, 7, 100, 1001] {
      for (most, granule) in [(1, 1), (1, 4), (7, 4), (15, 4), (28, 4), (120, 128), (300, 128)] {
        let ranges = SequenceWindows(timesteps: timesteps, bytesPerTimestep: 1, bytes: most, granule: granule)
          .ranges
        #expect(ranges.flatMap { Array($0) } == Array(0..<timesteps))
        #expect(ranges.allSatisfy { $0.count <= most })
        #expect(most < granule || ranges.dropLast().allSatisfy { $0.count % granule == 0 })
      }
    }
  }
}
