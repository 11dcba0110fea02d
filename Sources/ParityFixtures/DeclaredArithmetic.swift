import RecurrentParity

/// What a reference or a layer declares of its arithmetic.
struct DeclaredArithmetic {
  var precision: DeclaredPrecision?
  var decimals: Int?
  /// The group that declares the precision.
  private var declaringGroup: FixtureNode?

  static var none: DeclaredArithmetic { DeclaredArithmetic() }

  private init() {}

  /// - Parameter fallback: what holds where the group says nothing.
  init(_ node: FixtureNode, default fallback: DeclaredArithmetic) throws(FixtureError) {
    self = fallback
    guard node.session.version == .two else { return }
    if try node.hasAttribute("precision") {
      precision = try node.choice("precision", of: DeclaredPrecision.allCases)
      declaringGroup = node
    }
    if let decimals = try node.optionalInt("decimals") {
      guard 0...17 ~= decimals else {
        throw node.error(attribute: "decimals", expected: "0 to 17", found: "\(decimals)")
      }
      self.decimals = decimals
    }
  }

  /// The format that states are judged in: the declared one, which may not be finer than what they are stored in and
  /// has to hold them, or that of their storage.
  func format(
    storedAs stored: FloatFormat, holding states: [RecordedSequence], in node: FixtureNode
  ) throws(FixtureError) -> FloatFormat {
    guard let precision, let declaringGroup else { return stored }
    do {
      return try precision.format(
        storedAs: stored, holding: states, arePrinted: decimals != nil, place: node.path)
    } catch {
      throw declaringGroup.error(attribute: "precision", expected: error.expected, found: error.found)
    }
  }
}
