import RandomNetworks
import Recurrent
import Testing

@Suite struct ValidStepsTests {
  /// Left padding, a gap, everything, nothing; columns are sequences.
  private static let mask = [
    false, true, true, false,
    false, false, true, false,
    true, false, true, false,
    true, true, true, false,
  ]
  private static let valid = ValidSteps(mask: mask, timesteps: 4, batch: 4)

  @Test("A mask and lengths that leave out the same steps are the same")
  func lengths() {
    let padded = ValidSteps(
      mask: [true, true, true, true, false, true, false, false], timesteps: 4, batch: 2)
    #expect(padded == ValidSteps(lengths: [2, 3], timesteps: 4))
    #expect(padded.lengths == [2, 3])
    #expect(Self.valid.lengths == nil && Self.valid.counts == [2, 2, 4, 0])
    #expect(ValidSteps(all: 3, batch: 2).areAll && !padded.areAll)
  }

  @Test("What comes before a step is the valid step processed before it, whatever lies between")
  func order() {
    for b in 0..<4 {
      for direction in Direction.allCases {
        let times = Self.valid.times(b, direction)
        #expect(times.sorted() == (0..<4).filter { Self.mask[$0 * 4 + b] })
        #expect(times == (direction == .forward ? times.sorted() : times.sorted(by: >)))
        for (index, t) in times.enumerated() {
          #expect(Self.valid.contains(t, b))
          #expect(Self.valid.order(t, b, direction) == index)
          #expect(Self.valid.previous(t, b, direction) == (index == 0 ? nil : times[index - 1]))
        }
        #expect(Self.valid.last(b, direction) == times.last)
      }
    }
  }

  @Test(
    "A scan over a mask is, of each sequence, a scan over its valid steps alone",
    arguments: CellVariant.allCases)
  func scan(_ variant: CellVariant) {
    var numbers = Randomness(seed: 5)
    let cell: Cell<Double> = variant.cell(.twoBias, input: 3, hidden: 4, random: &numbers)
    let input: BatchedSequence<Double> = numbers.sequence(4, 4, 3)
    for direction in Direction.allCases {
      let pass = Pass(direction: direction, cell: cell)
      let trace = pass.scan(input, valid: Self.valid)
      for b in 0..<4 {
        let times = Self.valid.times(b, .forward)
        let alone = pass.scan(
          BatchedSequence(
            timesteps: times.count, batch: 1, features: 3,
            elements: times.flatMap { Array(input.elements[input.range($0, b)]) }))
        for (index, t) in times.enumerated() {
          #expect(
            Array(trace.states.h.elements[trace.states.h.range(t, b)])
              == Array(alone.states.h.elements[alone.states.h.range(index, 0)]))
        }
        #expect(Array(trace.finalState.h.row(b)) == Array(alone.finalState.h.row(0)))
        if let c = trace.finalState.c {
          #expect(Array(c.row(b)) == alone.finalState.c.map { Array($0.row(0)) })
        }
      }
    }
  }
}
