import RecurrentParity

extension ParityElement {
  /// The format that values of this type are in.
  static var format: FloatFormat { declaredPrecision.wholeFormat ?? .float32 }
}
