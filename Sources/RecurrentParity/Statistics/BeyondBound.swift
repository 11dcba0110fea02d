import Recurrent

/// Which elements are beyond their bound.
struct BeyondBound: Sendable {
  private(set) var timesteps: Set<Int> = []
  private(set) var sequences: Set<Int> = []
  private(set) var units: Set<Int> = []
  private(set) var kinds: Set<StateKind> = []
  private(set) var count = 0

  mutating func add(_ step: StepIndex, _ kind: StateKind, unit: Int) {
    timesteps.insert(step.t)
    sequences.insert(step.b)
    units.insert(unit)
    kinds.insert(kind)
    count += 1
  }

  mutating func add(_ other: BeyondBound) {
    timesteps.formUnion(other.timesteps)
    sequences.formUnion(other.sequences)
    units.formUnion(other.units)
    kinds.formUnion(other.kinds)
    count += other.count
  }
}
