/// Whether two weight files hold the same network, parameter by parameter.
public struct WeightComparisonReport: Codable, Equatable, Sendable {
  public struct Parameter: Codable, Equatable, Sendable {
    /// In PyTorch's words: "weight_ih", "bias".
    public var name: String
    /// PyTorch's letter of the gate; absent where the cell has one.
    public var gate: String?
    /// `exact`, `rounded` or `different`.
    public var agreement: String
    public var count: Int
    /// How many elements differ by more than a conversion rounds.
    public var differing: Int
    /// The place, in PyTorch's layout, of the element that is furthest off; absent where all are equal.
    public var place: [Int]?
    public var first: Double?
    public var second: Double?
    /// What a conversion may have rounded that element by.
    public var bound: Double?

    public init(
      name: String, gate: String?, agreement: String, count: Int, differing: Int, place: [Int]?,
      first: Double?,
      second: Double?, bound: Double?
    ) {
      self.name = name
      self.gate = gate
      self.agreement = agreement
      self.count = count
      self.differing = differing
      self.place = place
      self.first = first
      self.second = second
      self.bound = bound
    }
  }

  public struct Pass: Codable, Equatable, Sendable {
    public var direction: String?
    public var agreement: String
    /// The two formats of the values, where they are two.
    public var formats: [String]?
    /// What makes the one of the other, where something that is tried does: "gates-permuted", with a `+` between two.
    public var relation: String?
    /// That in a sentence.
    public var says: String?
    public var parameters: [Parameter]

    public init(
      direction: String?, agreement: String, formats: [String]?, relation: String?, says: String?,
      parameters: [Parameter]
    ) {
      self.direction = direction
      self.agreement = agreement
      self.formats = formats
      self.relation = relation
      self.says = says
      self.parameters = parameters
    }
  }

  /// What two files say, or one of them; absent is not said.
  public struct Option: Codable, Equatable, Sendable {
    public var name: String
    public var first: String?
    public var second: String?

    public init(name: String, first: String?, second: String?) {
      self.name = name
      self.first = first
      self.second = second
    }
  }

  public struct Layer: Codable, Equatable, Sendable {
    public var first: String
    public var second: String
    /// `name`, `shape`, `values` or `order`.
    public var pairedBy: String
    public var agreement: String
    public var passes: [Pass]
    public var contradictions: [Option]
    public var unsaid: [Option]

    public init(
      first: String, second: String, pairedBy: String, agreement: String, passes: [Pass],
      contradictions: [Option], unsaid: [Option]
    ) {
      self.first = first
      self.second = second
      self.pairedBy = pairedBy
      self.agreement = agreement
      self.passes = passes
      self.contradictions = contradictions
      self.unsaid = unsaid
    }
  }

  /// Two arrays that are no recurrent layer's.
  public struct Other: Codable, Equatable, Sendable {
    public var first: String
    public var second: String
    public var isTransposed: Bool
    public var agreement: String
    public var difference: Number

    public init(first: String, second: String, isTransposed: Bool, agreement: String, difference: Double) {
      self.first = first
      self.second = second
      self.isTransposed = isTransposed
      self.agreement = agreement
      self.difference = Number(difference)
    }
  }

  public var first: String
  public var second: String
  /// `exact`: the same numbers; `rounded`: as far as a conversion rounds; `different`.
  public var agreement: String
  public var layers: [Layer]
  public var onlyInFirst: [String]
  public var onlyInSecond: [String]
  public var others: [Other]
  /// Arrays that are no recurrent layer's and have no partner: not compared, and not part of the agreement.
  public var otherOnlyInFirst: [String]
  public var otherOnlyInSecond: [String]

  public init(
    first: String, second: String, agreement: String, layers: [Layer], onlyInFirst: [String],
    onlyInSecond: [String], others: [Other], otherOnlyInFirst: [String], otherOnlyInSecond: [String]
  ) {
    self.first = first
    self.second = second
    self.agreement = agreement
    self.layers = layers
    self.onlyInFirst = onlyInFirst
    self.onlyInSecond = onlyInSecond
    self.others = others
    self.otherOnlyInFirst = otherOnlyInFirst
    self.otherOnlyInSecond = otherOnlyInSecond
  }

  /// Whether it is one network.
  public var isSame: Bool { agreement != "different" }

  // MARK: Renderings

  /// For other programs, with a line feed at its end.
  public func json() -> String {
    PrintableJSON.text(of: self) + "\n"
  }

  /// For a person: the verdict, a line for each pass, then all that differs, is not said, or is not compared.
  public func text() -> String {
    var lines = [verdict, "  \(first)", "  \(second)"]
    if !layers.isEmpty {
      var table = TextTable([
        ("layer", .left), ("is", .left), ("paired by", .left), ("direction", .left), ("parameters", .right),
        ("agreement", .left),
      ])
      for layer in layers {
        for pass in layer.passes {
          table.add([
            layer.first, layer.second, layer.pairedBy, pass.direction ?? "?",
            String(pass.parameters.reduce(0) { $0 + $1.count }), pass.agreement,
          ])
        }
      }
      lines += [""] + table.lines().map { "  " + $0 }
    }
    lines +=
      onlyInFirst.map { "  \($0): only in \(first)" } + onlyInSecond.map { "  \($0): only in \(second)" }
    for layer in layers { lines += details(layer).map { "  " + $0 } }
    for other in others {
      let pair = other.first == other.second ? other.first : "\(other.first) is \(other.second)"
      let words = [pair, other.isTransposed ? "transposed" : "", other.agreement].filter { !$0.isEmpty }
      let apart = other.agreement == "exact" ? "" : ", \(ParityReport.text(other.difference)) apart at most"
      lines.append("  \(words.joined(separator: ", "))\(apart)")
    }
    for (names, file) in [(otherOnlyInFirst, first), (otherOnlyInSecond, second)] where !names.isEmpty {
      lines.append("  not compared, for only \(file) has it: \(names.joined(separator: ", "))")
    }
    return lines.map(\.printable).joined(separator: "\n") + "\n"
  }

  private var verdict: String {
    switch agreement {
    case "exact": "SAME  the parameters of two networks are the same numbers"
    case "rounded": "SAME  the parameters of two networks are the same as far as a conversion rounds"
    default: "DIFFERENT  two networks are not the same"
    }
  }

  private func details(_ layer: Layer) -> [String] {
    let name = layer.first == layer.second ? layer.first : "\(layer.first) – \(layer.second)"
    var lines = layer.contradictions.map {
      "\(name): \($0.name) is \($0.first ?? "?") in the first file, \($0.second ?? "?") in the second"
    }
    for pass in layer.passes {
      let place = pass.direction.map { "\(name), \($0)" } ?? name
      if let says = pass.says { lines.append("\(place): \(says)") }
      for parameter in pass.parameters where parameter.agreement == "different" {
        lines.append("\(place): \(text(parameter))")
      }
      let rounded = pass.parameters.filter { $0.agreement == "rounded" }
      if !rounded.isEmpty {
        let most = rounded.compactMap { zip($0.first, $0.second)?.magnitude }.max() ?? 0
        let formats = pass.formats.map { " between \($0.joined(separator: " and "))" } ?? ""
        lines.append(
          "\(place): \(rounded.map(title).joined(separator: ", ")) within the rounding of a conversion\(formats), "
            + "\(ParityReport.text(Number(most))) apart at most")
      }
    }
    for (isFirst, file) in [(true, "first"), (false, "second")] {
      let unsaid = layer.unsaid.filter { (isFirst ? $0.first : $0.second) == nil }
      guard !unsaid.isEmpty else { continue }
      let options = unsaid.map { "\($0.name), \($0.first ?? $0.second ?? "?") in the other" }
      lines.append("\(name): the \(file) file does not say \(options.joined(separator: "; "))")
    }
    return lines
  }

  private func title(_ parameter: Parameter) -> String {
    parameter.gate.map { "\(parameter.name)[\($0)]" } ?? parameter.name
  }

  private func text(_ parameter: Parameter) -> String {
    var line = title(parameter)
    if let place = parameter.place, let first = parameter.first, let second = parameter.second {
      let difference = Number((first - second).magnitude)
      line +=
        " at [\(place.map(String.init).joined(separator: ", "))]: \(Float(first)) and \(Float(second)), "
        + "\(ParityReport.text(difference)) apart"
    }
    if let bound = parameter.bound, bound > 0 {
      line += ", where a conversion rounds by \(ParityReport.text(Number(bound))) at most"
    }
    return line + "; \(parameter.differing) of \(parameter.count) differ"
  }

  private func zip(_ a: Double?, _ b: Double?) -> Double? {
    if let a, let b { a - b } else { nil }
  }
}

/// What makes one cell of another, in words.
public enum CellRelationWords {
  /// - Parameter pairs: the gates that are exchanged, in PyTorch's letters: the first file's, and whose place it has in the
  ///   second.
  public static func gatesPermuted(_ pairs: [(String, String)]) -> String {
    "the gates are in another order: "
      + pairs.map { "\($0.0) of the first file is \($0.1) of the second" }.joined(separator: ", ")
  }

  public static let recurrentTransposed = "the recurrent weights are transposed"
  public static let inputTransposed = "the input weights are transposed"
  public static let reshaped =
    "the weights are the same numbers in another shape: they were reshaped where they had to be transposed"
  public static let biasesSwapped = "the input's bias and the recurrent one are exchanged"
  public static let biasHHLost = "the second file lacks the recurrent bias"
  public static let biasLost = "the second file lacks the biases"
  public static let directionsSwapped = "the forward and the backward direction are exchanged"
}
