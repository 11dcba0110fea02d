import Recurrent

/// A place where data enter or leave what has a formula: the model's own ends, what a layer is fed, and a state that
/// the model made for a layer.
public enum Boundary: Hashable, Sendable {
  /// An input of the model, by its name.
  case modelInput(String)
  /// `(T_k, B_k, I_k)`
  case layerInput(Int)
  /// `(B_k, H)`, or `(B_k, P)` of a projected h.
  case initialState(layer: Int, direction: Direction, StateKind)
  /// An output of the model, by its name.
  case modelOutput(String)

  /// As in the format: `outputs/logits`, `layers/1/input`.
  public var path: String {
    switch self {
    case .modelInput(let name): "inputs/\(name)"
    case .layerInput(let layer): "layers/\(layer)/input"
    case .initialState(let layer, let direction, let kind):
      "layers/\(layer)/\(direction.rawValue)/initial_state/\(kind.rawValue)"
    case .modelOutput(let name): "outputs/\(name)"
    }
  }
}
