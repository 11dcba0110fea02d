import RealModule
import RecurrentParity

extension WrongParameter {
  /// "unit 3's bias in gate f: the file has 0.1, the run had 0.2"
  ///
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
