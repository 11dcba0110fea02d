import Recurrent
@testable import RecurrentParity

/// One timestep of one direction of one layer.
struct Place: Hashable, Comparable, CustomStringConvertible {
  var layer: Int
  var direction: Direction
  var timestep: Int

  init(_ layer: Int, _ direction: Direction, _ timestep: Int) {
    (self.layer, self.direction, self.timestep) = (layer, direction, timestep)
  }

  var description: String { "layer \(layer) \(direction) t = \(timestep)" }

  static func < (a: Place, b: Place) -> Bool {
    (a.layer, a.direction.rawValue, a.timestep) < (b.layer, b.direction.rawValue, b.timestep)
  }
}

extension ReferenceJudgement {
  /// Every timestep that does not match, with what was found.
  var flagged: [Place: Verdict] {
    RecurrentParityTests.flagged(passes.map { ($0.layer, $0.pass.direction, $0.judgement) })
  }
}

extension CrossJudgement {
  var flagged: [Place: Verdict] {
    RecurrentParityTests.flagged(passes.map { ($0.layer, $0.direction, $0.stepwise) })
  }
}

private func flagged(_ passes: [(layer: Int, direction: Direction, judgement: PassJudgement)]) -> [Place:
  Verdict]
{
  var places: [Place: Verdict] = [:]
  for pass in passes {
    for step in pass.judgement.timesteps where step.verdict != .match {
      places[Place(pass.layer, pass.direction, step.timestep)] = step.verdict
    }
  }
  return places
}

extension CaseJudgement {
  func reference(_ name: String) -> ReferenceJudgement? { references.first { $0.reference.name == name } }

  func cross(states: String, weights: String) -> CrossJudgement? {
    cross.first { $0.statesOf == states && $0.weightsOf == weights }
  }
}

extension Sequence<Place> {
  /// All of them with the same verdict.
  func all(_ verdict: Verdict) -> [Place: Verdict] {
    Dictionary(map { ($0, verdict) }, uniquingKeysWith: { first, _ in first })
  }
}

extension PassJudgement {
  /// What lowered precision has to do with it.
  var precisions: [Finding] { (diagnosis ?? []).filter { $0.kind == "precision" } }

  /// What is said of the states that the framework returned.
  var contradictions: [String] { findings.filter { $0.kind == "contradiction" }.map(\.name) }
}
