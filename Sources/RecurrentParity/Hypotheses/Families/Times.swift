import Recurrent

/// Other orders of time, and other lengths.
extension HypothesisCatalogue {
  var times: [Hypothesis] {
    var all: [Hypothesis] = []
    // What is known of padding is known of padding behind a sequence.
    if problem.direction == .backward, let lengths = problem.valid.lengths {
      all.append(
        Hypothesis(
          Mistake(.backwardNotReversed), .record,
          .problem { problem in
            problem.target.reverse(lengths: lengths)
            problem.previous.reverse(lengths: lengths)
            problem.returned = problem.returned?.reversed(lengths: lengths)
          }))
    }
    let timesteps = problem.input.values.timesteps
    if !problem.valid.areAll {
      all.append(
        Hypothesis(
          Mistake(.lengthsIgnored), .time,
          .problem { $0.valid = ValidSteps(all: timesteps, batch: $0.valid.batch) }))
    }
    return all
  }
}

extension RecordedStates {
  fileprivate mutating func reverse(lengths: [Int]) {
    h = h?.reversed(lengths: lengths)
    c = c?.reversed(lengths: lengths)
  }
}
