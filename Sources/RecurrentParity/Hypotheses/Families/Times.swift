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
    let (timesteps, valid) = (problem.input.values.timesteps, problem.valid)
    if !valid.areAll {
      all.append(
        Hypothesis(
          Mistake(.lengthsIgnored), .time,
          .problem { $0.valid = ValidSteps(all: timesteps, batch: valid.batch) }))
      let other = valid.paddedAtTheOtherEnd
      if other != valid {
        // What stands in the padding was really read.
        let input = context.unpaddedInput
        all.append(
          Hypothesis(
            Mistake(.paddingAtOtherEnd), [.time, .input],
            .problem { problem in
              problem.valid = other
              problem.chosen = nil
              if let input { problem.input = LayerInput(values: input.zeroed(outside: other)) }
            }))
      }
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

extension ValidSteps {
  /// As many steps of each sequence at the end of the array, or at its beginning where they are at its end.
  fileprivate var paddedAtTheOtherEnd: ValidSteps {
    let counts = counts
    guard lengths != nil else { return ValidSteps(lengths: counts, timesteps: timesteps) }
    let mask = (0..<timesteps).flatMap { t in counts.map { t >= timesteps - $0 } }
    return ValidSteps(mask: mask, timesteps: timesteps, batch: batch)
  }
}
