import RandomNetworks
import Recurrent
import Testing

@Suite struct ScanTests {
  private static let (timesteps, batch, input, hidden) = (6, 4, 5, 7)
  private static let lengths = [3, 6, 1, 4]

  @Test(
    "Each state is one step from the state processed before it", arguments: Precision.allCases,
    Direction.allCases)
  func steps(_ precision: Precision, _ direction: Direction) throws {
    try check(precision.type)

    func check<S: Scalar>(_: S.Type) throws {
      let (pass, x): (Pass<S>, BatchedSequence<S>) = randomPass(direction)
      let trace = pass.scan(x)
      var state = try #require(pass.initialState).h
      let order = direction == .forward ? [0, 1, 2, 3, 4, 5] : [5, 4, 3, 2, 1, 0]
      for t in order {
        state = pass.cell.step(x: x[t], h: state)
        #expect(trace.h[t] == state)
      }
      #expect(trace.finalState.h == state)
      #expect(trace.direction == direction)
    }
  }

  @Test(
    "A backward pass is a forward pass over the input in reverse, read in reverse",
    arguments: Precision.allCases)
  func reversal(_ precision: Precision) {
    check(precision.type)

    func check<S: Scalar>(_: S.Type) {
      let (backward, x): (Pass<S>, BatchedSequence<S>) = randomPass(.backward)
      var forward = backward
      forward.direction = .forward
      for lengths in [nil, Self.lengths] {
        let a = backward.scan(x, lengths: lengths)
        let b = forward.scan(x.reversed(lengths), lengths: lengths)
        #expect(a.h == b.h.reversed(lengths))
        #expect(a.finalState == b.finalState)
        #expect(a.h != forward.scan(x, lengths: lengths).h)
      }
    }
  }

  @Test(
    "A sequence of a ragged batch is the same sequence run alone at its own length",
    arguments: Precision.allCases, Direction.allCases)
  func ragged(_ precision: Precision, _ direction: Direction) throws {
    try check(precision.type)

    func check<S: Scalar>(_: S.Type) throws {
      let (pass, x): (Pass<S>, BatchedSequence<S>) = randomPass(direction)
      let together = pass.scan(x, lengths: Self.lengths)
      for (b, length) in Self.lengths.enumerated() {
        var single = pass
        single.initialState = State(h: try #require(pass.initialState).h.single(b))
        let alone = single.scan(x.single(b, length: length))
        #expect(together.h.single(b, length: length) == alone.h)
        #expect(together.finalState.h.single(b) == alone.finalState.h)
      }
    }
  }

  @Test("States beyond a sequence's length are zero", arguments: Direction.allCases)
  func paddingStates(_ direction: Direction) {
    let (pass, x): (Pass<Float>, BatchedSequence<Float>) = randomPass(direction)
    let trace = pass.scan(x, lengths: Self.lengths)
    for (b, length) in Self.lengths.enumerated() {
      for t in 0..<Self.timesteps {
        let state = trace.h.elements[trace.h.range(t, b)]
        #expect(state.allSatisfy { $0 == 0 } == (t >= length), "t = \(t), b = \(b)")
      }
    }
  }

  @Test(
    "Input beyond a sequence's length is never read, not even NaN", arguments: Precision.allCases,
    Direction.allCases)
  func paddingInput(_ precision: Precision, _ direction: Direction) {
    check(precision.type)

    func check<S: Scalar>(_: S.Type) {
      let (pass, x): (Pass<S>, BatchedSequence<S>) = randomPass(direction)
      var spoiled = x
      for (b, length) in Self.lengths.enumerated() {
        for t in length..<Self.timesteps {
          for d in 0..<Self.input { spoiled[t, b, d] = d == 0 ? .nan : .infinity }
        }
      }
      let (a, b) = (pass.scan(x, lengths: Self.lengths), pass.scan(spoiled, lengths: Self.lengths))
      #expect(a.h == b.h)
      #expect(a.finalState == b.finalState)
    }
  }

  @Test("No lengths mean that every sequence has all timesteps")
  func fullLengths() {
    let (pass, x): (Pass<Float>, BatchedSequence<Float>) = randomPass(.backward)
    let full = [Int](repeating: Self.timesteps, count: Self.batch)
    #expect(pass.scan(x).h == pass.scan(x, lengths: full).h)
  }

  @Test("No initial state means zeros", arguments: Precision.allCases, Direction.allCases)
  func noInitialState(_ precision: Precision, _ direction: Direction) {
    check(precision.type)

    func check<S: Scalar>(_: S.Type) {
      var (pass, x): (Pass<S>, BatchedSequence<S>) = randomPass(direction)
      let other = pass.scan(x)
      pass.initialState = State(h: Matrix(zeros: Self.batch, Self.hidden))
      let zeros = pass.scan(x)
      pass.initialState = nil
      #expect(pass.scan(x).h == zeros.h)
      #expect(other.h != zeros.h)
    }
  }

  @Test(
    "A run that goes on from its final state is one long run, to the bit", arguments: Precision.allCases,
    Direction.allCases)
  func statePassing(_ precision: Precision, _ direction: Direction) {
    check(precision.type)

    func check<S: Scalar>(_: S.Type) {
      let (whole, x): (Pass<S>, BatchedSequence<S>) = randomPass(direction)
      let long = whole.scan(x)
      for cut in 1..<Self.timesteps {
        let parts = [x.times(0..<cut), x.times(cut..<Self.timesteps)]
        // The backward direction processes the later part first.
        let order = direction == .forward ? [0, 1] : [1, 0]
        let first = whole.scan(parts[order[0]])
        var rest = whole
        rest.initialState = first.finalState
        let second = rest.scan(parts[order[1]])
        let traces = direction == .forward ? [first, second] : [second, first]
        #expect(traces[0].h.elements + traces[1].h.elements == long.h.elements, "cut at \(cut)")
        #expect(second.finalState == long.finalState, "cut at \(cut)")
      }
    }
  }

  @Test("The final state is the state of the step that was processed last", arguments: Direction.allCases)
  func finalState(_ direction: Direction) {
    let (pass, x): (Pass<Float>, BatchedSequence<Float>) = randomPass(direction)
    let trace = pass.scan(x, lengths: Self.lengths)
    for (b, length) in Self.lengths.enumerated() {
      let last = direction == .forward ? length - 1 : 0
      #expect(trace.finalState.h.row(b) == trace.h.elements[trace.h.range(last, b)])
    }
  }

  @Test("The past of a step is the step processed before it, and none where the pass begins")
  func previous() {
    #expect((0..<4).map { Direction.forward.previous($0, length: 4) } == [nil, 0, 1, 2])
    #expect((0..<4).map { Direction.backward.previous($0, length: 4) } == [1, 2, 3, nil])
    #expect(Direction.forward.times(3) == [0, 1, 2])
    #expect(Direction.backward.times(3) == [2, 1, 0])
  }

  private func randomPass<S: Scalar>(_ direction: Direction) -> (Pass<S>, BatchedSequence<S>) {
    var random = Randomness(seed: 10)
    let pass: Pass<S> = random.pass(direction, input: Self.input, hidden: Self.hidden, batch: Self.batch)
    return (pass, random.sequence(Self.timesteps, Self.batch, Self.input))
  }
}

extension BatchedSequence {
  /// Each sequence's valid steps in reverse; the rest stays where it is.
  fileprivate func reversed(_ lengths: [Int]?) -> BatchedSequence {
    var result = self
    for b in 0..<batch {
      let length = lengths?[b] ?? timesteps
      for t in 0..<length {
        result.elements.replaceSubrange(range(length - 1 - t, b), with: elements[range(t, b)])
      }
    }
    return result
  }

  /// One sequence's first steps, as a batch of one.
  fileprivate func single(_ b: Int, length: Int) -> BatchedSequence {
    BatchedSequence(
      timesteps: length, batch: 1, features: features,
      elements: (0..<length).flatMap { elements[range($0, b)] })
  }

  fileprivate func times(_ times: Range<Int>) -> BatchedSequence {
    BatchedSequence(
      timesteps: times.count, batch: batch, features: features, elements: times.flatMap { self[$0].elements })
  }
}

extension Matrix {
  fileprivate func single(_ row: Int) -> Matrix {
    Matrix(rows: 1, columns: columns, elements: Array(self.row(row)))
  }
}
