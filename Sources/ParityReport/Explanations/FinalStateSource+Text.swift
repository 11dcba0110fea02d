import RecurrentParity

extension FinalStateSource {
  /// "the last state of layer 1, forward"
  var text: String {
    switch self {
    case .pass(let layer, let direction):
      "the last state of layer \(layer), \(direction.rawValue). Final states are ordered layer by layer, in each "
        + "forward before backward"
    case .firstStep:
      "the state after this direction's first step: the other end of its output. A backward direction ends at t = 0"
    case .otherKind(let kind): "the last \(kind.rawValue)"
    }
  }
}
