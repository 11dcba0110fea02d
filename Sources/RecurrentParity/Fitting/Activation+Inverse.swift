import Recurrent

extension Activation {
  /// The argument of which this is the value; not finite where there is none, or many.
  func inverse(_ value: Double) -> Double {
    switch self {
    case .tanh: Double.atanh(value)
    case .sigmoid: -Double.log(1 / value - 1)
    case .linear: value
    default: .nan
    }
  }
}
