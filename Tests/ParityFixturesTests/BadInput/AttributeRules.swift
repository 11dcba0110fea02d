import FixtureEditing
import HDF5

/// What the format says of one attribute.
struct AttributeRule: Sendable {
  enum Kind: Sendable { case string, integer, bool, number }

  let name: String
  /// The group that it belongs to.
  let place: String
  let kind: Kind
  /// What an error says that was expected, where the attribute is missing; nil where it may be.
  let required: String?
  /// The words of a string that knows only some, as an error lists them.
  let words: String?
  /// The version of the format that has it.
  let version: Int

  init(
    _ name: String, _ place: String, _ kind: Kind, required: String? = nil, words: String? = nil,
    isRequired: Bool = false, version: Int = 1
  ) {
    self.version = version
    (self.name, self.place, self.kind, self.words) = (name, place, kind, words)
    self.required = required ?? (isRequired ? words : nil)
  }

  private static let reference = "/references/pytorch"
  private static let layer = "/references/pytorch/layers/1"

  static let all = first + second

  static let first = [
    AttributeRule("format", "/", .string, required: "a string"),
    AttributeRule("format_version", "/", .integer, required: "an integer"),
    AttributeRule("case", "/", .string, required: "a string"),
    AttributeRule("description", "/", .string),
    AttributeRule("seed", "/", .integer),
    AttributeRule("framework", reference, .string, required: "a string"),
    AttributeRule("framework_version", reference, .string, required: "a string"),
    AttributeRule(
      "convention", reference, .string, words: #""pytorch" or "keras" or "onnx" or "flax" or "mlx""#,
      isRequired: true),
    AttributeRule("environment", reference, .string),
    AttributeRule("name", layer, .string, required: "a string"),
    AttributeRule("cell", layer, .string, words: #""rnn" or "gru" or "lstm""#, isRequired: true),
    AttributeRule(
      "direction", layer, .string, words: #""forward" or "backward" or "bidirectional""#, isRequired: true),
    AttributeRule("hidden_size", layer, .integer, required: "an integer"),
    AttributeRule(
      "activation", layer, .string,
      words: #""tanh" or "relu" or "sigmoid" or "linear" or "hard_sigmoid""#),
    AttributeRule(
      "recurrent_activation", layer, .string,
      words: #""sigmoid" or "hard_sigmoid" or "hard_sigmoid_keras2""#),
    AttributeRule("reset_after", layer, .bool),
    AttributeRule("projection_size", layer, .integer),
    AttributeRule("merge_mode", layer, .string, words: #""concat" or "sum" or "mul" or "ave""#),
  ]

  /// What version 2 adds.
  static let second =
    precisions(reference) + precisions(layer)
    + [
      AttributeRule("module", layer, .string, version: 2),
      AttributeRule("calls", layer, .string, version: 2),
      AttributeRule("weights_of", layer, .integer, version: 2),
      AttributeRule("pair", layer, .string, version: 2),
      AttributeRule("empty_final", layer, .string, words: #""initial" or "zeros""#, version: 2),
      AttributeRule("clip", layer, .number, version: 2),
      AttributeRule("input_forget", layer, .bool, version: 2),
      AttributeRule("other_options", layer, .string, version: 2),
      AttributeRule("output_activation", layer, .string, words: activations, version: 2),
    ] + parameters(layer)
    + ["activation", "recurrent_activation", "output_activation"].map {
      AttributeRule($0, layer + "/backward", .string, words: activations, version: 2)
    } + parameters(layer + "/backward")
    + [
      AttributeRule(
        "source", layer + "/backward/initial_state", .string,
        words: #""given" or "computed" or "carried""#, version: 2)
    ]

  private static func precisions(_ place: String) -> [AttributeRule] {
    let words = [
      "float64", "float32", "float16", "bfloat16", "tf32", "autocast-float16", "autocast-bfloat16",
      "mixed-float16", "mixed-bfloat16", "int8-dynamic",
    ].map { "\"\($0)\"" }.joined(separator: " or ")
    return [
      AttributeRule("precision", place, .string, words: words, version: 2),
      AttributeRule("decimals", place, .integer, version: 2),
    ]
  }

  private static func parameters(_ place: String) -> [AttributeRule] {
    ["alpha", "beta", "recurrent_alpha", "recurrent_beta", "output_alpha", "output_beta"].map {
      AttributeRule($0, place, .number, version: 2)
    }
  }

  private static let activations = [
    "tanh", "relu", "sigmoid", "linear", "hard_sigmoid", "hard_sigmoid_keras2", "elu", "selu", "softsign",
    "softplus", "leaky_relu", "hard_tanh",
  ].map { "\"\($0)\"" }.joined(separator: " or ")

  /// A change that puts a value in the attribute's place.
  func change(
    _ description: String, _ problem: String, isUnreadable: Bool = false,
    _ content: @escaping @Sendable (String) -> RawContent
  ) -> FixtureChange {
    FixtureChange(
      "\(place)@\(name) \(description)", isUnreadable ? "\(place)@\(name)" : place,
      isUnreadable ? "cannot read attribute: \(problem)" : "attribute \(name): \(problem)",
      in: FixtureChange.rich
    ) {
      try inItsVersion(&$0)
      $0.raw.append((place, content(name)))
    }
  }

  func change(
    to value: AttributeValue?, _ problem: String, isUnreadable: Bool = false
  ) -> FixtureChange {
    FixtureChange(
      "\(place)@\(name) \(value.map { "\($0)" } ?? "absent")", isUnreadable ? "\(place)@\(name)" : place,
      isUnreadable ? "cannot read attribute: \(problem)" : "attribute \(name): \(problem)",
      in: FixtureChange.rich
    ) {
      try inItsVersion(&$0)
      try $0.setAttribute(name, of: place, to: value)
    }
  }

  private func inItsVersion(_ tree: inout FixtureTree) throws {
    if version == 2 { try tree.raiseVersion() }
  }
}

extension FixtureChange {
  /// Where most rules are broken: two bidirectional LSTM layers that project their states, with lengths.
  /// T = 12, B = 3, I = 5, H = 7, P = 4.
  static let rich = "stackedbilstm-projection-ragged"

  static let missingAttributes = AttributeRule.all.compactMap { rule in
    rule.required.map { rule.change(to: nil, "expected \($0), found nothing") }
  }

  /// A value of each type that the attribute does not have.
  static let attributeTypes = AttributeRule.all.flatMap { rule in
    let kind =
      switch rule.kind {
      case .string: "a string"
      case .integer: "an integer"
      case .bool: "a boolean"
      case .number: "a floating-point"
      }
    let values: [(AttributeValue, String)] = [
      (.string("1"), "a string"), (.double(1), "float64"), (.int(1), "int64"), (.bool(true), "a boolean"),
    ]
    let wrong = values.filter { _, found in
      // An integer may stand for a bool and for a number.
      found != kind && !(found == "int64" && rule.kind != .string)
        && !(found == "float64" && rule.kind == .number)
    }
    return wrong.map { value, found in
      rule.change(to: value, "expected \(kind) attribute, found \(found)", isUnreadable: true)
    }
      + ForeignType.allCases.filter { $0 != .boolean }.map { type in
        rule.change(
          "as \(type)", "expected \(kind) attribute, found \(type.rawValue) data", isUnreadable: true
        ) { .attribute($0, type) }
      }
  }

  /// One value is expected: neither none nor more.
  static let attributeShapes = AttributeRule.all.flatMap { rule in
    let isString = rule.kind == .string
    let shapes: [(AttributeValue, String)] =
      isString
      ? [(.strings([]), "0 in shape [0]"), (.strings(["a", "b"]), "2 in shape [2]")]
      : [(.ints([]), "0 in shape [0]"), (.ints([1, 1]), "2 in shape [2]")]
    let none =
      isString
      ? [
        rule.change("null", "expected a single value, found 0 in shape [0]", isUnreadable: true) {
          .null($0, isString: true)
        }
      ] : []
    return none
      + shapes.map { rule.change(to: $0, "expected a single value, found \($1)", isUnreadable: true) }
  }

  /// Text that is not UTF-8, in strings of fixed and of variable length.
  static let attributeEncodings = AttributeRule.all.filter { $0.kind == .string }.flatMap {
    rule -> [FixtureChange] in
    let texts: [(bytes: [UInt8], told: String)] = [
      ([0xFF], #"\xFF"#), ([0x61, 0xC3], #"a\xC3"#), ([0xC0, 0x80], #"\xC0\x80"#),
      ([0xED, 0xA0, 0x80], #"\xED\xA0\x80"#),
    ]
    return texts.flatMap { bytes, told in
      [false, true].map { isVariable in
        rule.change(
          "of the bytes \(bytes)\(isVariable ? ", variable" : "")",
          "invalid UTF-8 in the string: \"\(told)\"", isUnreadable: true
        ) { .text($0, bytes, isVariable: isVariable) }
      }
    }
  }

  /// A word that the format does not know: unknown, none, in other letters, with spaces around it.
  static let attributeWords =
    AttributeRule.all.flatMap { rule -> [FixtureChange] in
      guard let words = rule.words else { return [] }
      let known = words.split(separator: "\"").first.map(String.init) ?? ""
      return ["unknown", "", known.uppercased(), known + " ", " " + known].map {
        rule.change(to: .string($0), "expected \(words), found \"\($0)\"")
      }
    }
    + ["", "RNN-parity-fixture", "rnn-parity-fixture "].map {
      AttributeRule.all[0].change(to: .string($0), "expected \"rnn-parity-fixture\", found \"\($0)\"")
    }

  /// A number out of its range, and one that no `Int` holds.
  static let attributeRanges = AttributeRule.all.flatMap { rule -> [FixtureChange] in
    let (values, expected): ([Int], String) =
      switch rule.name {
      case "format_version": ([0, 3, -1, .max, .min], "1 or 2, the versions that this program reads")
      case "hidden_size": ([0, -1, 1 << 24 + 1, .max, .min], "1 to 16777216")
      case "projection_size": ([-1, 1 << 24 + 1, .max, .min], "1 to 16777216")
      case "decimals": ([-1, 18, .max, .min], "0 to 17")
      case "weights_of": ([-1, 1, 2, .max, .min], "0 to 0, a layer before")
      default: ([], "")
      }
    let huge =
      rule.kind == .integer
      ? [rule.change(to: .unsigned(.max), "18446744073709551615 is too large", isUnreadable: true)] : []
    let bools =
      rule.kind == .bool
      ? [2, -1, .max].map { rule.change(to: .int($0), "expected 0 or 1, found \($0)", isUnreadable: true) }
      : []
    let numbers =
      rule.kind == .number
      ? [.nan, .infinity, -.infinity].map { (value: Double) in
        rule.change(to: .double(value), "expected a finite number, found \(value)")
      } : []
    return values.map { rule.change(to: .int($0), "expected \(expected), found \($0)") } + huge + bools
      + numbers
  }
}
