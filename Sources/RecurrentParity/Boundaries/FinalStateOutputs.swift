import Recurrent

extension Reference {
  /// Whether an output of the model is nothing but final states that recurrent layers returned, which are judged
  /// where they were returned: a port that returns the sequence alone lacks nothing.
  func returnsAsFinalStates(_ output: RecordedArray) -> Bool {
    guard case .floats(let values, _) = output.values else { return false }
    let passes = layers.flatMap(\.passes)
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
