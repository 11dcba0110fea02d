import Recurrent

/// What a layer reads in a run that follows the formula from the input alone.
struct FreeInput: Sendable {
  /// In Swift's run in the scalar type of the reference.
  var swift: RecordedSequence
  /// In the run in Float64.
  var exact: RecordedSequence
}

/// One direction of one layer, run from its initial state and compared with what is recorded, window after window.
struct FreePass: Sendable {
  private let pass: RecordedPass
  private let input: FreeInput
  private let valid: ValidSteps
  /// Whether Swift's run is one in Float.
  private let isNarrow: Bool

  /// What came of it.
  struct Outcome: Sendable {
    var figures: FreeRunning
    /// The states h of both runs, where they are kept.
    var swift: RecordedSequence?
    var exact: RecordedSequence?
  }

  init(_ pass: RecordedPass, input: FreeInput, valid: ValidSteps, isNarrow: Bool) {
    (self.pass, self.input, self.valid, self.isNarrow) = (pass, input, valid, isNarrow)
  }

  func run(keepingStates keeps: Bool, tolerance: Tolerance?, windowBytes: Int) -> Outcome {
    let (timesteps, batch) = (valid.timesteps, valid.batch)
    func spool() -> SequenceSpool? {
      keeps ? SequenceSpool(timesteps: timesteps, batch: batch, features: pass.cell.stateSize) : nil
    }
    let (swiftSpool, exactSpool) = (spool(), isNarrow ? spool() : nil)
    var comparison = FreeComparison(pass, tolerance, timesteps: timesteps)
    var exact = FreeRunner(pass.run)
    var narrow = isNarrow ? FreeRunner(pass.run.converted(to: Float.self)) : nil
    let bytes = 32 * batch * (pass.cell.inputSize + 4 * pass.cell.hiddenSize)
    let windows = SequenceWindows(
      timesteps: timesteps, bytesPerTimestep: bytes, bytes: windowBytes)
    for times in windows.inOrder(pass.direction) {
      let states = advance(&exact, &narrow, times)
      swiftSpool?.write(states.swift.h, at: times.lowerBound)
      exactSpool?.write(states.exact.h, at: times.lowerBound)
      comparison.add(states.swift, states.exact, times, valid: valid)
    }
    return Outcome(
      figures: comparison.figures, swift: swiftSpool?.sequence, exact: (exactSpool ?? swiftSpool)?.sequence)
  }

  /// Both runs, beside each other.
  private func advance(
    _ exact: inout FreeRunner<Double>, _ narrow: inout FreeRunner<Float>?, _ times: Range<Int>
  ) -> (swift: States<Double>, exact: States<Double>) {
    let window = valid.window(times)
    guard let narrowRunner = narrow else {
      let states = exact.states(input.exact.window(times), valid: window)
      return (states, states)
    }
    let exactRunner = exact
    let parts = [true, false].concurrentMap { isExact in
      var (exact, narrow) = (exactRunner, narrowRunner)
      let states =
        isExact
        ? exact.states(input.exact.window(times), valid: window)
        : narrow.states(input.swift.window(times), valid: window)
      return (exact: exact, narrow: narrow, states: states)
    }
    exact = parts[0].exact
    narrow = parts[1].narrow
    return (parts[1].states, parts[0].states)
  }
}

/// A pass on its way along the sequence.
private struct FreeRunner<S: Scalar>: Sendable {
  private var pass: Pass<S>

  init(_ pass: Pass<S>) { self.pass = pass }

  mutating func states(_ input: BatchedSequence<Double>, valid: ValidSteps) -> States<Double> {
    let trace = pass.scan(input.converted(to: S.self), valid: valid)
    pass.initialState = trace.finalState
    return trace.states.converted(to: Double.self)
  }
}

/// The two runs and the reference against each other.
private struct FreeComparison {
  private let pass: RecordedPass
  private let tolerance: Tolerance?
  private var reference: StateDifference
  private var referenceToExact: StateDifference
  private var swiftToExact: StateDifference

  init(_ pass: RecordedPass, _ tolerance: Tolerance?, timesteps: Int) {
    self.pass = pass
    self.tolerance = tolerance
    reference = StateDifference(
      direction: pass.direction, format: pass.format, tolerance: tolerance, keeping: timesteps)
    referenceToExact = StateDifference(direction: pass.direction, format: pass.format)
    swiftToExact = referenceToExact
  }

  mutating func add(
    _ swift: States<Double>, _ exact: States<Double>, _ times: Range<Int>, valid: ValidSteps
  ) {
    for kind in StateKind.allCases {
      guard let swift = swift[kind], let exact = exact[kind] else { continue }
      swiftToExact.add(swift, exact, from: times.lowerBound, valid: valid)
      guard let recorded = pass.states[kind]?.window(times) else { continue }
      reference.add(recorded, swift, from: times.lowerBound, valid: valid)
      referenceToExact.add(recorded, exact, from: times.lowerBound, valid: valid)
    }
  }

  var figures: FreeRunning {
    FreeRunning(
      maxAbs: reference.maxAbs, maxULP: reference.maxULP, referenceToExact: referenceToExact.maxAbs,
      swiftToExact: swiftToExact.maxAbs,
      maxAbsByTimestep: reference.maxAbsByTimestep ?? TimestepMaxima(timesteps: 0), tolerance: tolerance,
      firstAboveTolerance: reference.firstAboveTolerance)
  }
}
