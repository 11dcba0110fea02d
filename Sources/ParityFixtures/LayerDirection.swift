import Recurrent

/// The `direction` attribute of a layer.
enum LayerDirection: String, CaseIterable {
  case forward
  case backward
  case bidirectional

  var directions: [Direction] {
    switch self {
    case .forward: [.forward]
    case .backward: [.backward]
    case .bidirectional: [.forward, .backward]
    }
  }

  /// Nil where no layer has these.
  init?(_ directions: [Direction]) {
    guard let direction = Self.allCases.first(where: { $0.directions == directions }) else { return nil }
    self = direction
  }
}
