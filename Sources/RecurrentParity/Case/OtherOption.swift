/// An option of a layer that no formula here has, and its value in words.
public struct OtherOption: Equatable, Sendable {
  /// As the file has it.
  public let name: String
  /// Its value, as text.
  public let value: String

  package init(name: String, value: String) {
    self.name = name
    self.value = value
  }

  /// "zoneout 0.1"
  public var text: String { "\(name) \(value)" }
}
