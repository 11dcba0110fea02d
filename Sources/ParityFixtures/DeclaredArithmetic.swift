import RecurrentParity

/// What a reference or a layer declares of its arithmetic.
struct DeclaredArithmetic {
  var precision: DeclaredPrecision?
  var decimals: Int?

  static let none = DeclaredArithmetic()

  private init() {}

  /// - Parameter fallback: what holds where the group says nothing.
  init(_ node: FixtureNode, default fallback: DeclaredArithmetic) throws(FixtureError) {
    self = fallback
    guard node.session.version == .two else { return }
    if try node.hasAttribute("precision") {
      precision = try node.choice("precision", of: DeclaredPrecision.allCases)
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
    storedAs stored: FloatFormat, holding states: [[Double]], in node: FixtureNode
  ) throws(FixtureError) -> FloatFormat {
    guard let precision, let whole = precision.wholeFormat else { return stored }
    guard whole.unitRoundoff >= stored.unitRoundoff else {
      throw node.error(
        attribute: "precision", expected: "none finer than \(stored.name), which the states are stored in",
        found: precision.rawValue)
    }
    // Printed values are near those of the format, and not of it.
    guard decimals == nil else { return whole }
    if let other = states.lazy.joined().first(where: { $0.isFinite && !whole.holds($0) }) {
      if precision.mayBePartial { return stored }
      throw node.error(
        attribute: "precision", expected: "states that \(whole.name) holds", found: "a state of \(other)")
    }
    return whole
  }
}
