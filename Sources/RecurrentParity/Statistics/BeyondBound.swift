import Recurrent

/// Which elements are beyond their bound.
struct BeyondBound: Sendable {
  private(set) var timesteps: Set<Int> = []
  private(set) var sequences: Set<Int> = []
  private(set) var units: Set<Int> = []
  /// Those of them whose c is.
  private(set) var unitsOfC: Set<Int> = []
  private(set) var count = 0
  /// How many of them are of the first step of a sequence.
  private(set) var countOfFirstSteps = 0

  mutating func add(_ step: StepIndex, _ kind: StateKind, unit: Int, isFirstStep: Bool) {
    timesteps.insert(step.t)
    sequences.insert(step.b)
    units.insert(unit)
    if kind == .c { unitsOfC.insert(unit) }
    count += 1
    if isFirstStep { countOfFirstSteps += 1 }
  }

  mutating func add(_ other: BeyondBound) {
    timesteps.formUnion(other.timesteps)
    sequences.formUnion(other.sequences)
    units.formUnion(other.units)
    unitsOfC.formUnion(other.unitsOfC)
    count += other.count
    countOfFirstSteps += other.countOfFirstSteps
  }
}
