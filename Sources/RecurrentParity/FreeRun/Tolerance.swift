/// A user's own tolerance: `|reference − swift| ≤ atol + rtol · |reference|`.
public struct Tolerance: Codable, Equatable, Sendable {
  public var atol: Double
  public var rtol: Double

  public init(atol: Double = 0, rtol: Double = 0) {
    self.atol = atol
    self.rtol = rtol
  }

  func admits(_ difference: Double, of reference: Double) -> Bool {
    difference <= atol + rtol * reference.magnitude
  }
}
