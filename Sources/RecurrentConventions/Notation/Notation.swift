import Recurrent

/// A cell as a framework's documentation writes it: equations that are printed and, so that they are no mere text, run.
///
/// The equations are assignments, one after the other. What stands on the left replaces what had that name, so that an
/// equation may say `h = o ⊙ tanh(c)` of the c above it.
struct Notation: Sendable {
  /// x, the input of the step.
  var input: String
  /// h before and after the step.
  var state: (before: String, after: String)
  /// c before and after the step, of an LSTM.
  var memory: (before: String, after: String)?
  /// What the functions of the equations are.
  var functions: [String: CellFunction]
  var equations: [Equation]
  /// What every other name of the equations is, in the order of the tensors.
  var symbols: [Symbol]
}

/// A function of an equation.
enum CellFunction: Sendable {
  case activation
  case recurrentActivation
  /// Of an LSTM's new c.
  case outputActivation
  case clip
}

/// One line of a `Notation`.
public struct Equation: Equatable, Sendable {
  /// "h_t = (1 − z_t) ⊙ n_t + z_t ⊙ h_{t−1}"
  public let text: String
  /// Of which cells the line is; nil for all of the kind.
  public let condition: EquationCondition?

  init(_ text: String, if condition: EquationCondition? = nil) {
    (self.text, self.condition) = (text, condition)
  }
}

/// Which of two lines a cell has.
public enum EquationCondition: String, Sendable {
  case resetAfter = "reset after"
  case resetBefore = "reset before"
  case projected
  case notProjected = "not projected"
  case inputForget = "input_forget"
  case ownForget = "no input_forget"

  public func holds(of cell: Cell<Double>) -> Bool {
    let features = cell.features
    return switch self {
    case .resetAfter: !features.contains(.resetBefore)
    case .resetBefore: features.contains(.resetBefore)
    case .projected: features.contains(.projection)
    case .notProjected: !features.contains(.projection)
    case .inputForget: features.contains(.inputForget)
    case .ownForget: !features.contains(.inputForget)
    }
  }
}
