import Recurrent

/// Which sequences of two references are one: those whose inputs are, step for step, the same bits. A sequence alone is
/// so found in a batch, and a short one in a batch that is padded.
struct MatchingSequences {
  struct Step {
    let own: BitComparison.StepPlace
    let other: BitComparison.StepPlace
  }

  /// Of each pair the valid steps, in the order of time.
  private let pairs: [[Step]]
  /// Sequences of the first that the other has not.
  let unmatched: [Int]

  /// Nil where either has no layer.
  init?(_ parityCase: ParityCase, _ own: Reference, _ other: Reference) {
    guard let a = Side(parityCase, own), let b = Side(parityCase, other) else { return nil }
    var pairs: [[Step]] = []
    var unmatched: [Int] = []
    var taken: Set<Int> = []
    for sequence in 0..<a.valid.batch {
      let candidates = [sequence] + (0..<b.valid.batch).filter { $0 != sequence }
      let match = candidates.first {
        $0 < b.valid.batch && !taken.contains($0) && a.input(sequence, equals: $0, of: b)
      }
      guard let match else {
        unmatched.append(sequence)
        continue
      }
      taken.insert(match)
      pairs.append(
        zip(a.times(sequence), b.times(match)).map {
          Step(own: .init(timestep: $0, batch: sequence), other: .init(timestep: $1, batch: match))
        })
    }
    self.pairs = pairs
    self.unmatched = unmatched
  }

  /// The steps as a pass takes them: of all sequences the first, then the second.
  func steps(_ direction: Direction) -> [Step] {
    let ordered = pairs.map { direction == .forward ? $0 : $0.reversed() }
    return (0..<(ordered.map(\.count).max() ?? 0)).flatMap { index in
      ordered.compactMap { index < $0.count ? $0[index] : nil }
    }
  }

  private struct Side {
    let sequence: RecordedSequence
    let valid: ValidSteps

    init?(_ parityCase: ParityCase, _ reference: Reference) {
      guard let layer = reference.layers.first else { return nil }
      sequence = layer.input ?? parityCase.input
      valid = parityCase.valid(in: layer)
    }

    func times(_ sequence: Int) -> [Int] { valid.times(sequence, .forward) }

    func input(_ own: Int, equals other: Int, of side: Side) -> Bool {
      let (times, others) = (times(own), side.times(other))
      guard times.count == others.count, sequence.features == side.sequence.features else { return false }
      return zip(times, others).allSatisfy { t, s in
        zip(sequence.row(t, own), side.sequence.row(s, other)).allSatisfy { $0.bitPattern == $1.bitPattern }
      }
    }
  }
}
