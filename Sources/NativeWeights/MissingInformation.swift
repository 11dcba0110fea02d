/// What a file does not say and somebody has to give, as data: whoever asks for it in words of their own needs it so.
public enum MissingInformation: Codable, Equatable, Sendable {
  /// Options of a layer, by the names of `LayerOptions`.
  public struct Options: Codable, Equatable, Sendable {
    /// The layer's name.
    public let layer: String
    /// What is not said of it, as `WeightFile.unsaidOptions(of:)` has it.
    public let names: [String]
  }

  /// Options of these layers.
  case options([Options])
  /// In which order layers read one another.
  case order
  /// Which of a fixture's references, of these names.
  case reference([String])
}
