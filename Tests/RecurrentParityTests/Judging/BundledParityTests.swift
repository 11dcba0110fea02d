import BundledCases
import FixtureManifest
import Recurrent
import Testing

@testable import RecurrentParity

@Suite struct BundledParityTests {
  @Test("Every timestep of every layer and direction of a real run matches", arguments: try honestFixtures())
  func steps(_ entry: Manifest.Entry) throws {
    let parityCase = try entry.load()
    let judgement = parityCase.judged(.verdictOnly)
    #expect(judgement.verdict == .match)
    #expect(judgement.references.map(\.reference.name) == parityCase.references.map(\.name))
    for (reference, judged) in zip(parityCase.references, judgement.references) {
      #expect(judged.flagged == [:], "\(reference.name)")
      #expect(judged.passes.count == reference.layers.reduce(0) { $0 + $1.passes.count })
      for pass in judged.passes {
        // Nothing was left out: a step that nobody judged does not match, it is unknown.
        let valid = parityCase.valid(in: reference.layers[pass.layer])
        #expect(pass.judgement.timesteps.map(\.timestep) == valid.anyTimesteps)
        #expect(pass.judgement.verdict == .match)
        #expect(pass.judgement.firstFlagged == nil)
        #expect(pass.judgement.figures.maxBoundRatio <= 1)
        // Real arithmetic rounds: a residual of exactly zero everywhere would mean that nothing was compared.
        #expect(pass.judgement.figures.maxResidual > 0)
      }
    }
  }

  @Test(
    "Every reference matches by the weights of every other reference of its case",
    arguments: try honestFixtures())
  func crossChecks(_ entry: Manifest.Entry) throws {
    let parityCase = try entry.load()
    let judgement = parityCase.judged(.verdictOnly)
    let count = parityCase.references.count
    #expect(judgement.cross.count == count * (count - 1))
    for cross in judgement.cross {
      #expect(cross.verdict == .match)
      #expect(cross.structure == nil)
      #expect(cross.parameters == [])
      #expect(cross.flagged == [:])
      #expect(cross.passes.count == parityCase.references[0].layers.reduce(0) { $0 + $1.passes.count })
      #expect(cross.passes.allSatisfy { $0.maxAbs.isFinite })
    }
  }

  @Test("Swift's own run of the network stays at a finite distance", arguments: try honestFixtures())
  func freeRunning(_ entry: Manifest.Entry) throws {
    let parityCase = try entry.load()
    for reference in parityCase.judged(.withoutDiagnosis).references {
      for pass in reference.passes {
        let drift = pass.freeRunning
        #expect(drift.maxAbs.isFinite)
        #expect(drift.referenceToExact.isFinite)
        #expect(drift.swiftToExact.isFinite)
        let valid = parityCase.valid(in: reference.reference.layers[pass.layer])
        #expect((0..<valid.timesteps).filter { drift.maxAbsByTimestep[$0] != nil } == valid.anyTimesteps)
        // A distance of zero to the exact run would mean that the reference was not looked at.
        #expect(drift.referenceToExact > 0)
      }
    }
  }

  @Test("The judge says of every fixture what the manifest expects", arguments: try Manifest.bundled().files)
  func expected(_ entry: Manifest.Entry) throws {
    let judgement = try entry.load().judged(.verdictOnly)
    let expect = entry.expect
    #expect(judgement.verdict.rawValue == expect.verdict)
    for reference in judgement.references {
      #expect(reference.verdict.rawValue == expect.references?[reference.reference.name] ?? "match")
    }
    for cross in judgement.cross {
      let expected = expect.cross?.first { $0.statesOf == cross.statesOf && $0.weightsOf == cross.weightsOf }
      #expect(cross.verdict.rawValue == expected?.verdict ?? "match")
    }
    for boundary in judgement.boundaries {
      #expect(boundary.verdict.rawValue == expect.boundaries?[boundary.boundary.path] ?? "match")
    }
    let boundaries = Set(judgement.boundaries.map(\.boundary.path))
    #expect(boundaries.isSuperset(of: (expect.boundaries ?? [:]).keys))
    #expect(expect.references?.count ?? judgement.references.count == judgement.references.count)
    // A pair that is not listed is expected to match; one that is listed has to be there.
    for expected in expect.cross ?? [] {
      let pair = [expected.statesOf, expected.weightsOf]
      #expect(judgement.cross.contains { [$0.statesOf, $0.weightsOf] == pair })
    }
  }

  @Test(
    "What has to be flagged is flagged in its layers and directions and in no others",
    arguments: try departures())
  func places(_ entry: Manifest.Entry) throws {
    let judgement = try entry.load().judged(.verdictOnly)
    // Where only boundaries differ, every pass matches.
    let expected = Set(entry.expect.flagged ?? [])
    #expect(expected.isEmpty == (entry.expect.verdict == "differs"))
    for reference in judgement.references where reference.verdict != .match {
      let found = reference.passes.filter { $0.judgement.verdict != .match }
      #expect(Set(found.map { Manifest.Place($0.layer, $0.pass.direction) }) == expected)
    }
    for cross in judgement.cross where cross.verdict != .match {
      let found = cross.passes.filter { $0.verdict != .match }
      #expect(Set(found.map { Manifest.Place($0.layer, $0.direction) }) == expected)
    }
  }

  @Test(
    "A departure at the first step only is flagged at the first step only",
    arguments: try departures().filter { $0.expect.timesteps != nil })
  func timesteps(_ entry: Manifest.Entry) throws {
    #expect(entry.expect.timesteps == "first processed")
    let parityCase = try entry.load()
    for cross in parityCase.judged(.verdictOnly).cross {
      for place in cross.flagged.keys {
        let first = place.direction == .forward ? [0] : parityCase.lengths.map { $0 - 1 }
        #expect(first.contains(place.timestep))
      }
    }
  }

  @Test(
    "A run in lowered precision is explained by that precision, wherever it is flagged",
    arguments: try departures().filter { $0.expect.precision != nil })
  func precision(_ entry: Manifest.Entry) throws {
    let precision = try #require(entry.expect.precision)
    for reference in try entry.load().judged(.verdictOnly).references {
      for pass in reference.passes where pass.judgement.verdict != .match {
        let matches = pass.judgement.precisions
        #expect(matches.map(\.name) == ["precision:\(precision)"])
        #expect(matches.allSatisfy { $0.explainsAll })
      }
    }
  }

  @Test(
    "A wrong port is named, wherever it is flagged, by the weights that it should have",
    arguments: try departures().filter { $0.expect.hypothesis != nil })
  func hypothesis(_ entry: Manifest.Entry) throws {
    let crossChecks = try entry.load().judged().cross.filter {
      $0.weightsOf == "pytorch" && $0.verdict != .match
    }
    #expect(!crossChecks.isEmpty)
    for pass in crossChecks.flatMap(\.passes) where pass.verdict != .match {
      let diagnosis = try #require(pass.stepwise.diagnosis)
      #expect(diagnosis.first?.name == entry.expect.hypothesis)
      #expect(diagnosis.allSatisfy { $0.explainsAll && $0.isWithinBound })
    }
  }

  @Test(
    "The departures include wrong ports, faults between layers, one at one step, and lowered precision")
  func kinds() throws {
    let departures = try Self.departures()
    #expect(departures.contains { $0.expect.boundaries != nil })
    #expect(departures.contains { $0.expect.cross != nil })
    #expect(departures.contains { $0.expect.timesteps != nil })
    #expect(departures.contains { $0.expect.precision != nil })
    #expect(departures.contains { $0.expect.hypothesis != nil })
  }

  private static func departures() throws -> [Manifest.Entry] {
    try Manifest.bundled().files.filter { $0.expect.verdict != "match" }
  }
}

extension ValidSteps {
  /// The timesteps that some sequence has, ascending.
  fileprivate var anyTimesteps: [Int] { Set((0..<batch).flatMap { times($0, .forward) }).sorted() }
}

extension Manifest.Place {
  fileprivate init(_ layer: Int, _ direction: Direction) {
    self.init(layer: layer, direction: direction.rawValue)
  }
}
