/// What a place of a JSON document may hold.
indirect enum Schema: Sendable {
  case text
  case oneOf([String])
  case integer
  case bool
  /// A number, or `null` for one that is not finite.
  case number
  case nullable(Schema)
  case list(Schema)
  /// The required members, and those that may be absent. Further members are allowed.
  case object([String: Schema], optional: [String: Schema] = [:])

  /// What is wrong, each with its path; empty where nothing is.
  func violations(in value: JSONValue, at path: String) -> [String] {
    switch (self, value) {
    case (.text, .string), (.bool, .bool), (.number, .number), (.number, .null), (.nullable, .null): return []
    case (.oneOf(let choices), .string(let text)) where choices.contains(text): return []
    case (.integer, .number(let number)) where number.rounded() == number: return []
    case (.nullable(let schema), _): return schema.violations(in: value, at: path)
    case (.list(let schema), .array(let elements)):
      return elements.enumerated().flatMap { schema.violations(in: $1, at: "\(path)[\($0)]") }
    case (.object(let required, let optional), .object(let members)):
      let missing = required.keys.filter { members[$0] == nil }.map { "\(path).\($0) is missing" }
      let wrong = required.merging(optional) { a, _ in a }.flatMap { key, schema in
        members[key].map { schema.violations(in: $0, at: "\(path).\(key)") } ?? []
      }
      return missing + wrong
    default: return ["\(path) is not \(self)"]
    }
  }
}
