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
    guard var a = Side(parityCase, own), var b = Side(parityCase, other) else { return nil }
    var pairs: [[Step]] = []
    var unmatched: [Int] = []
    var taken: Set<Int> = []
    for sequence in 0..<a.valid.batch {
      let candidates = [sequence] + (0..<b.valid.batch).filter { $0 != sequence }
      let match = candidates.first {
        $0 < b.valid.batch && !taken.contains($0) && a.input(sequence, equals: $0, of: &b)
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
    private var rows: SequenceRows
    let valid: ValidSteps

    init?(_ parityCase: ParityCase, _ reference: Reference) {
      guard let layer = reference.layers.first else { return nil }
      rows = SequenceRows(layer.input ?? parityCase.input)
      valid = parityCase.valid(in: layer)
    }

    func times(_ sequence: Int) -> [Int] { valid.times(sequence, .forward) }

    mutating func input(_ own: Int, equals other: Int, of side: inout Side) -> Bool {
      let (times, others) = (times(own), side.times(other))
      guard times.count == others.count, rows.features == side.rows.features else { return false }
      for (t, s) in zip(times, others) {
        let (x, y) = (rows.row(StepIndex(t: t, b: own)), side.rows.row(StepIndex(t: s, b: other)))
        guard zip(x, y).allSatisfy({ $0.bitPattern == $1.bitPattern }) else { return false }
      }
      return true
    }
  }
}
