/// What a layer may have that not every framework's has.
public enum LayerFeature: String, CaseIterable, Sendable {
  /// A forward and a backward direction, their outputs one behind the other.
  case bidirectional
  /// A backward direction alone.
  case backwardAlone = "backward alone"
  /// Two directions whose outputs are merged by another way.
  case merged = "merged"
}
