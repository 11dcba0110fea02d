import BundledCases
import FixtureManifest
import Recurrent
import Testing

@testable import RecurrentParity

/// A long pass is judged in windows, of which few are in memory: the judgement must not show where they begin.
@Suite struct WindowTests {
  /// So few that a window holds one timestep.
  private static let small = 1

  @Test(
    "A case judged timestep by timestep is judged as it is in one piece",
    arguments: try Manifest.bundled().files)
  func windows(_ entry: Manifest.Entry) throws {
    let parityCase = try entry.load()
    let whole = parityCase.judged()
    let cut = parityCase.judged(JudgingOptions(windowBytes: Self.small))
    #expect(cut.verdict == whole.verdict)
    for (a, b) in zip(whole.references.flatMap(\.passes), cut.references.flatMap(\.passes)) {
      expectEqual(a.judgement, b.judgement)
      #expect(a.freeRunning.maxAbs == b.freeRunning.maxAbs || a.freeRunning.maxAbs.isNaN)
      #expect(a.freeRunning.maxAbsByTimestep == b.freeRunning.maxAbsByTimestep || a.freeRunning.maxAbs.isNaN)
    }
    for (a, b) in zip(whole.cross.flatMap(\.passes), cut.cross.flatMap(\.passes)) {
      expectEqual(a.stepwise, b.stepwise)
    }
  }

  private func expectEqual(_ a: PassJudgement, _ b: PassJudgement) {
    #expect(a.verdict == b.verdict)
    #expect(a.timesteps.map(\.timestep) == b.timesteps.map(\.timestep))
    #expect(a.timesteps.map(\.verdict) == b.timesteps.map(\.verdict))
    #expect(a.firstFlagged?.timestep == b.firstFlagged?.timestep)
    #expect(a.firstFlagged?.unit == b.firstFlagged?.unit)
    #expect(a.findings.map(\.name) == b.findings.map(\.name))
    // The sums of a timestep are taken in the same order, those of a unit are not shown.
    #expect(a.figures.maxBoundRatio == b.figures.maxBoundRatio || a.figures.maxBoundRatio.isNaN)
  }
}
