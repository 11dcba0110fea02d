/// The right side of an equation: products by juxtaposition bind closest, then ⊙, then + and −.
indirect enum Expression: Equatable {
  case number(Double)
  case name(String)
  case transposed(Expression)
  case applied(String, Expression)
  case product(Expression, Expression)
  case elementwise(Expression, Expression)
  case sum(Expression, Expression)
  case difference(Expression, Expression)
}

/// `name = expression`, read from an equation's text.
struct Assignment: Equatable {
  let name: String
  let expression: Expression

  init(_ text: String) throws(NotationError) {
    var parser = ExpressionParser(text)
    name = try parser.name()
    try parser.expect("=")
    expression = try parser.sum()
    try parser.expectEnd()
  }
}

/// Reads an equation from left to right.
private struct ExpressionParser {
  private let text: String
  private var rest: Substring

  init(_ text: String) {
    self.text = text
    rest = text[...]
  }

  mutating func name() throws(NotationError) -> String {
    skipSpaces()
    guard let name = takeName() else { throw unexpected("a name") }
    return name
  }

  mutating func expect(_ character: Character) throws(NotationError) {
    skipSpaces()
    guard take(character) else { throw unexpected("\"\(character)\"") }
  }

  mutating func expectEnd() throws(NotationError) {
    skipSpaces()
    guard rest.isEmpty else { throw unexpected("the end") }
  }

  mutating func sum() throws(NotationError) -> Expression {
    var left = try elementwise()
    while true {
      skipSpaces()
      if take("+") {
        left = .sum(left, try elementwise())
      } else if take("−") {
        left = .difference(left, try elementwise())
      } else {
        return left
      }
    }
  }

  private mutating func elementwise() throws(NotationError) -> Expression {
    var left = try product()
    while true {
      skipSpaces()
      guard take("⊙") else { return left }
      left = .elementwise(left, try product())
    }
  }

  private mutating func product() throws(NotationError) -> Expression {
    guard var left = try factor() else { throw unexpected("a term") }
    while let right = try factor() { left = .product(left, right) }
    return left
  }

  /// Nil where none begins.
  private mutating func factor() throws(NotationError) -> Expression? {
    skipSpaces()
    guard var factor = try atom() else { return nil }
    while take("ᵀ") { factor = .transposed(factor) }
    return factor
  }

  private mutating func atom() throws(NotationError) -> Expression? {
    if take("(") { return try enclosed() }
    if let digit = rest.first?.wholeNumberValue {
      rest.removeFirst()
      return .number(Double(digit))
    }
    guard let name = takeName() else { return nil }
    // A function stands close to its argument; a matrix does not.
    return take("(") ? .applied(name, try enclosed()) : .name(name)
  }

  private mutating func enclosed() throws(NotationError) -> Expression {
    let inner = try sum()
    try expect(")")
    return inner
  }

  /// A letter, then letters, digits and primes, and a subscript that may be in braces.
  private mutating func takeName() -> String? {
    guard let first = rest.first, first.isLetter, first != "ᵀ" else { return nil }
    var isInBraces = false
    let name = rest.prefix { character in
      if character == "{" { isInBraces = true }
      defer { if character == "}" { isInBraces = false } }
      return isInBraces || "_}′".contains(character)
        || (character.isLetter || character.isNumber) && character != "ᵀ"
    }
    rest = rest.dropFirst(name.count)
    return String(name)
  }

  private mutating func take(_ character: Character) -> Bool {
    guard rest.first == character else { return false }
    rest.removeFirst()
    return true
  }

  private mutating func skipSpaces() { rest = rest.drop { $0 == " " } }

  private func unexpected(_ expected: String) -> NotationError {
    NotationError(text: text, expected: expected, found: rest.isEmpty ? "the end" : "\"\(rest)\"")
  }
}
