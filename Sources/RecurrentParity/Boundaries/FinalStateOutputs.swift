import Recurrent

extension Reference {
  /// Whether an output of the model is nothing but final states that recurrent layers returned, which are judged
  /// where they were returned: a port that returns the sequence alone lacks nothing.
  func returnsAsFinalStates(_ output: RecordedArray) -> Bool {
    guard case .floats(let sequence, _) = output.values else { return false }
    let passes = layers.flatMap(\.passes)
    let most = passes.reduce(0) { count, pass in
      count + StateKind.allCases.reduce(0) { $0 + (pass.finalState[$1]?.elements.count ?? 0) }
    }
    // What is longer than all of them is none, and need not be read.
    guard output.shape.reduce(1, *) <= most else { return false }
    let values = sequence.whole.elements
    return StateKind.allCases.contains { kind in
      let states = passes.map { $0.finalState[kind]?.elements }
      return states.indices.contains { first in
        var rest = values[...]
        for case let state? in states[first...] {
          guard rest.starts(with: state) else { return false }
          rest = rest.dropFirst(state.count)
          if rest.isEmpty { return true }
        }
        return false
      }
    }
  }
}
