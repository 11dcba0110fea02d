import RealModule
import Recurrent

/// A single parameter that accounts for every recorded state of a pass, if it had another value than the declared.
struct SuspectParameter: Equatable, Sendable {
  /// What the parameter is multiplied with.
  enum Term: Equatable, Sendable {
    case input(Int)
    case state(Int)
    case bias
    /// A reset-after GRU's `b_hn`, which is no term of the outer sum.
    case recurrentBias
  }

  let gate: GateKind
  let unit: Int
  let term: Term
  let declared: Double
  /// The value that the run had, to the accuracy that its rounding leaves.
  var implied: Double

  /// - Parameter letter: the gate's in the convention's own words; empty for the only one of a plain cell.
  func text(letter: String) -> String {
    let name =
      switch term {
      case .input(let k): "weight of input \(k)"
      case .state(let k): "recurrent weight from unit \(k)"
      case .bias: "bias"
      case .recurrentBias: "recurrent bias"
      }
    let place = letter.isEmpty ? name : "\(name) in gate \(letter)"
    return "unit \(unit)'s \(place): the file has \(Self.short(declared)), the run had \(Self.short(implied))"
  }

  /// Six significant digits.
  private static func short(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return "\(value)" }
    let exponent = Int(Double.log(value.magnitude) / Double.log(10))
    let unit = Double.exp10(Double(exponent - 5))
    return "\(Float((value / unit).rounded() * unit))"
  }
}
