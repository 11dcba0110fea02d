import Recurrent

/// The scalar types that a test runs in: `try check(precision.type)` with a generic `check`.
enum Precision: String, CaseIterable {
  case float
  case double

  var type: any Scalar.Type {
    switch self {
    case .float: Float.self
    case .double: Double.self
    }
  }
}

extension Scalar {
  /// u, the largest relative error of one rounding to nearest: half an ulp of 1.
  static var unitRoundoff: Self { ulpOfOne / 2 }
}
