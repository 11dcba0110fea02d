/// A user's own tolerance: `|reference − swift| ≤ atol + rtol · |reference|`.
public struct Tolerance: Codable, Equatable, Sendable {
  /// An absolute difference, in units of the state.
  public var atol: Double
  /// A difference relative to the magnitude of the expected value; without a unit.
  public var rtol: Double

  /// Differences up to `atol + rtol · |expected|`.
  public init(atol: Double = 0, rtol: Double = 0) {
    self.atol = atol
    self.rtol = rtol
  }

  func admits(_ difference: Double, of reference: Double) -> Bool {
    difference <= atol + rtol * reference.magnitude
  }
}
