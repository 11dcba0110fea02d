import Recurrent

/// Axes of the record that were exchanged.
extension HypothesisCatalogue {
  /// The output's, or all: the first two, where they are equally long.
  var recordedAxes: [Hypothesis] {
    let (timesteps, batch) = (problem.valid.timesteps, problem.valid.batch)
    guard problem.valid.areAll, timesteps == batch, timesteps > 1 else { return [] }
    return [
      Hypothesis(
        Mistake(.outputAxesExchanged), .record, .problem { $0.exchangeRecordedAxes() }),
      Hypothesis(
        Mistake(.ranAlongBatch), [.record, .input],
        .problem { problem in
          problem.exchangeRecordedAxes()
          problem.input = problem.input.changed(\.exchangingAxes)
        }),
    ]
  }

  /// What was cut out of an output in which the units of the two directions alternate. It needs the record of both.
  var recordedUnits: [Hypothesis] {
    let layer = context.reference.layers[context.layer]
    guard layer.passes.count == 2, layer.merge == .concat, cell.stateSize > 1,
      let merged = layer.mergedStates, merged.features == 2 * cell.stateSize
    else { return [] }
    let pass = context.pass
    return [
      Hypothesis(
        Mistake(.unitsInterleaved), .record,
        .problem { problem in
          let h = merged.withHalvesParted.part(pass, of: 2)
          problem.target.h = h
          problem.previous.h = h
          problem.returned = nil
        })
    ]
  }
}

extension StepwiseProblem {
  fileprivate mutating func exchangeRecordedAxes() {
    func exchanged(_ states: RecordedStates) -> RecordedStates {
      RecordedStates(h: states.h?.exchangingAxes, c: states.c?.exchangingAxes)
    }
    target = exchanged(target)
    previous = exchanged(previous)
    returned = returned?.exchangingAxes
  }
}
