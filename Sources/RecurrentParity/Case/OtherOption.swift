/// An option of a layer that no formula here has, and its value in words.
public struct OtherOption: Equatable, Sendable {
  public let name: String
  public let value: String

  package init(name: String, value: String) {
    self.name = name
    self.value = value
  }

  /// "zoneout 0.1"
  public var text: String { "\(name) \(value)" }
}
