import Recurrent

/// Something that a framework returned and that contradicts the recorded states.
public enum ContradictedRecord: Equatable, Sendable {
  /// The merged output.
  case output
  /// An output in which two directions are not concatenated.
  case mergedOutput(MergeMode)
  /// The returned h or c.
  case finalState(StateKind)
  /// That of a sequence without a valid step.
  case emptyFinalState(StateKind, EmptyFinal)

  /// Its path within the layer or direction.
  public var name: String {
    switch self {
    case .output, .mergedOutput: "output"
    case .finalState(let kind), .emptyFinalState(let kind, _): "final_state/\(kind.rawValue)"
    }
  }
}
