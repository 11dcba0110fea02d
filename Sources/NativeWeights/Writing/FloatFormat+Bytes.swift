import RecurrentParity

extension FloatFormat {
  /// The values in this format, each rounded to nearest, lowest byte first.
  func bytes(_ values: [Double]) -> [UInt8] {
    switch self {
    case .float64: values.flatMap { $0.bitPattern.littleEndianBytes }
    case .float32: values.flatMap { Float($0).bitPattern.littleEndianBytes }
    case .bfloat16: values.flatMap { UInt16(Float(round($0)).bitPattern >> 16).littleEndianBytes }
    default: values.flatMap { halfBits($0).littleEndianBytes }
    }
  }

  /// IEEE 754 binary16, which not every platform has as a type.
  private func halfBits(_ value: Double) -> UInt16 {
    let rounded = round(value)
    let sign: UInt16 = rounded.sign == .minus ? 0x8000 : 0
    let magnitude = rounded.magnitude
    guard magnitude.isFinite else { return sign | (magnitude.isNaN ? 0x7E00 : 0x7C00) }
    // Below the smallest normal number the spacing stays as it is there.
    guard magnitude >= smallestNormal else { return sign | UInt16(magnitude * 0x1p24) }
    let exponent = UInt16(Int(magnitude.exponent) + 15)
    return sign | exponent << 10 | UInt16((magnitude.significand - 1) * 0x1p10)
  }
}

extension FixedWidthInteger {
  var littleEndianBytes: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }
}
