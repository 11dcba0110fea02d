import RecurrentParity

/// How the calls of a module were put together: the attribute `calls`, for whoever reads the file.
struct CallsEntry: Codable {
  let kind: LayerCalls.Kind
  let count: Int
  let sizes: [Int]
}

extension LayerCalls.Kind: Codable {}

/// One of `left_out`.
struct LeftOutEntry: Codable {
  let path: String
  let `class`: String
  let by: String
  let why: String
}

/// One of `repeated`.
struct RepeatedEntry: Codable {
  let path: String
  let `class`: String
  let calls: Int
  let why: String
}

/// `trimmed`
struct TrimmedEntry: Codable {
  let steps: Int
  let sequences: Int
}

/// One value of `other_options`, in words: it is named, and nothing is computed with it.
struct OptionValue: Codable {
  let text: String

  init(text: String) { self.text = text }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Bool.self) {
      text = "\(value)"
    } else if let value = try? container.decode(Double.self) {
      text = "\(value)"
    } else if let value = try? container.decode(String.self) {
      text = value
    } else {
      text = container.decodeNil() ? "null" : "of several values"
    }
  }

  /// The number or bool whose words these are, else a string.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let value = Bool(text) {
      try container.encode(value)
    } else if let value = Double(text), value.isFinite, "\(value)" == text {
      try container.encode(value)
    } else if text == "null" {
      try container.encodeNil()
    } else {
      try container.encode(text)
    }
  }
}
