import RecurrentParity

/// The names that the format gives a meaning to, by the place that they stand in.
enum FormatPlace {
  case root
  case reference
  case layer
  case direction
  case initialState

  /// The attributes that a version reads here.
  func attributes(_ version: FormatVersion) -> [String] {
    let first =
      switch self {
      case .root: ["format", "format_version", "case", "description", "seed"]
      case .reference: ["framework", "framework_version", "convention", "environment"]
      case .layer:
        [
          "name", "cell", "direction", "hidden_size", "activation", "recurrent_activation", "reset_after",
          "projection_size", "merge_mode",
        ]
      case .direction, .initialState: [String]()
      }
    return version == .one ? first : first + addedAttributes
  }

  private var addedAttributes: [String] {
    switch self {
    case .root: ["requires"]
    case .reference: ["precision", "decimals"]
    case .layer:
      ["module", "calls", "weights_of", "pair", "empty_final", "precision", "decimals", "other_options"]
        + Self.cellOptions
    case .direction: ["activation", "recurrent_activation"] + Self.activationOptions
    case .initialState: ["source"]
    }
  }

  private static let activationOptions = [
    "output_activation", "alpha", "beta", "recurrent_alpha", "recurrent_beta", "output_alpha", "output_beta",
  ]
  private static let cellOptions = ["clip", "input_forget"] + activationOptions

  /// The datasets and groups that version 2 adds here.
  func addedObjects(_ version: FormatVersion) -> [String] {
    switch (self, version) {
    case (_, .one): []
    case (.root, .two): ["mask"]
    case (.reference, .two): ["model"]
    case (.layer, .two): ["lengths", "mask"]
    case (.direction, .two), (.initialState, .two): []
    }
  }
}

extension FixtureNode {
  /// Takes down what this group holds beside the names that are read here. A name that only a later version has is
  /// no unknown one: what it means would change the verdict.
  func expectOnly(_ place: FormatPlace, objects: [String]) throws(FixtureError) {
    if session.version == .one {
      for name in place.attributes(.two) where !place.attributes(.one).contains(name) {
        guard try hasAttribute(name) else { continue }
        throw error(
          attribute: name, expected: "nothing in format_version 1", found: "an attribute of version 2")
      }
      for name in place.addedObjects(.two) where try has(name) {
        throw error(
          "\(path == "/" ? "" : path)/\(name)", expected: "nothing in format_version 1",
          found: "a part of version 2")
      }
    }
    try expectOnly(
      attributes: place.attributes(session.version), objects: objects + place.addedObjects(session.version))
  }
}
