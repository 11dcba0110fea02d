import Recurrent

/// The states of a run from its initial state alone: each element with the radius that no honest run leaves.
///
/// The radius grows by |f′|·|U| a step even where the network contracts, so it ends by saying nothing.
struct PropagatedStates: Sendable {
  let direction: Direction
  var states: StatePair<BoundedSequence, BoundedSequence?>
  /// The first timestep in processing order at which the bound says nothing any more (t*); nil where it
  /// always does.
  let exhausted: Int?

  /// Whether the bound still says something at t.
  func isTelling(_ t: Int) -> Bool {
    guard let exhausted else { return true }
    return direction == .forward ? t < exhausted : t > exhausted
  }
}

extension StepwiseProblem {
  /// Runs the formula from the initial state, with nothing recorded on the way.
  func propagated(in arithmetic: ErrorModel) -> PropagatedStates {
    var problem = self
    problem.previous = RecordedStates()
    problem.target = RecordedStates()
    var evaluator = StepEvaluator(
      problem, in: CertifiedArithmetic(arithmetic: arithmetic),
      radius: RecordedRadius(
        input: .relative(arithmetic.operandRoundoff), state: .relative(arithmetic.recordedRoundoff)))
    let (timesteps, batch) = (input.values.timesteps, valid.batch)
    let hSpool = BoundedSpool(timesteps: timesteps, batch: batch, features: cell.stateSize)
    let cSpool =
      cell.kind == .lstm ? BoundedSpool(timesteps: timesteps, batch: batch, features: cell.hiddenSize) : nil
    var exhausted: Int?
    for times in windows.inOrder(direction) {
      let blocks = evaluator.blocks(ProblemWindow(problem, times), steps: []) { $0 }
      var h = BoundedWindow(zerosAt: times, batch, cell.stateSize)
      var c = BoundedWindow(zerosAt: times, batch, cell.hiddenSize)
      for block in blocks {
        write(block.states.h, of: block.steps, to: &h)
        if let value = block.states.c { write(value, of: block.steps, to: &c) }
      }
      hSpool.write(h)
      cSpool?.write(c)
      exhausted = exhausted ?? self.exhausted(h, times)
    }
    return PropagatedStates(
      direction: direction, states: StatePair(h: hSpool.sequence, c: cSpool?.sequence), exhausted: exhausted)
  }

  private func write(_ block: Bounded, of steps: ArraySlice<StepIndex>, to window: inout BoundedWindow) {
    let (radii, scales) = (block.radii, block.scales)
    for (row, step) in steps.enumerated() where valid.contains(step.t, step.b) {
      window.set(step, row: row, of: block, radii: radii, scales: scales)
    }
  }

  /// The first timestep of a window at which half of the units have a radius of a tenth of their value.
  private func exhausted(_ h: BoundedWindow, _ times: Range<Int>) -> Int? {
    (direction == .forward ? Array(times) : times.reversed()).first { t in
      let elements = (0..<valid.batch).filter { valid.contains(t, $0) }.flatMap {
        Array(h.range(StepIndex(t: t, b: $0)))
      }
      let vague = elements.count {
        !(h.radius.elements[$0] < 0.1 * max(h.midpoint.elements[$0].magnitude, 0.1))
      }
      return 2 * vague >= elements.count && !elements.isEmpty
    }
  }
}
