import RandomNetworks
import Recurrent
import Testing

@testable import RecurrentConventions

/// A convention's equations of a kind of cell, and of which of those.
struct PrintedCell: CustomTestStringConvertible, Sendable {
  let convention: Convention
  let kind: CellKind
  let feature: CellFeature?

  var testDescription: String { "\(convention) \(kind) \(feature?.words ?? "")" }

  static let all = Convention.allCases.flatMap { convention in
    CellKind.allCases.flatMap { kind in
      ([nil] + CellFeature.allCases.filter { $0.isOf(kind) && convention.features.contains($0) })
        .map { PrintedCell(convention: convention, kind: kind, feature: $0) }
    }
  }

  /// Every number of it another, in the convention's formula.
  func cell() -> Cell<Double> {
    var random = Randomness(seed: 130)
    let (I, H) = (3, 5)
    let P = feature == .projection ? 4 : H
    func gate(seesC: Bool = false) -> Gate<Double> {
      var gate: Gate<Double> = random.gate(input: I, hidden: H, state: P, biases: 2)
      if seesC, feature == .peepholes { gate.peephole = random.values(H) }
      return gate
    }
    let clip = feature == .clip ? 0.5 : nil
    let cell: Cell<Double> =
      switch kind {
      case .rnn: .rnn(RNNCell(gate: gate(), activation: .tanh, clip: clip, formula: .twoBias))
      case .gru:
        .gru(
          GRUCell(
            reset: gate(), update: gate(), new: gate(), resetAfter: feature != .resetBefore, clip: clip,
            formula: .twoBias))
      case .lstm:
        .lstm(
          LSTMCell(
            input: gate(seesC: true), forget: gate(seesC: true), cell: gate(), output: gate(seesC: true),
            weightHR: feature == .projection ? random.matrix(P, H) : nil,
            outputActivation: feature == .outputActivation ? .softsign : nil, clip: clip,
            inputForget: feature == .inputForget, formula: .twoBias))
      }
    return cell.converted(to: convention.formula)
  }

  /// How far one step of the equations is from one step of the cell that is read from the native weights; nil where the
  /// equations cannot be run.
  func distance(by notation: Notation) throws -> Double? {
    let tensors = try convention.tensors(of: cell())
    let written = WrittenCell(cell(), notation, tensors: tensors)
    // As it is read: of two biases Flax and MLX have written the sum.
    var random = Randomness(seed: 131)
    let x: Matrix<Double> = random.matrix(2, 3)
    let h: Matrix<Double> = random.matrix(2, cell().stateSize)
    let c: Matrix<Double>? = kind == .lstm ? random.matrix(2, 5) : nil
    let expected = cell().step(x: x, State(h: h, c: c))
    guard let found = try? written.step(x: x, State(h: h, c: c)) else { return nil }
    let pairs =
      zip(expected.h.elements, found.h.elements).map { abs($0 - $1) }
      + zip(expected.c?.elements ?? [], found.c?.elements ?? []).map { abs($0 - $1) }
    return pairs.max()
  }
}

@Suite struct NotationTests {
  /// States are below 1, and sums of ten terms below 16, each in Float64: 2⁻⁵³ · 16 · 10, and as much again for slopes
  /// and later products.
  private static let rounding = 0x1p-44

  @Test("The printed equations are one step of the cell, on the native weights", arguments: PrintedCell.all)
  func same(_ printed: PrintedCell) throws {
    let notation = printed.convention.rules.notation(printed.kind)
    #expect(try #require(try printed.distance(by: notation)) < Self.rounding)
  }

  @Test(
    "No sign, function, product or name of an equation can be another one unnoticed",
    arguments: PrintedCell.all)
  func sensitive(_ printed: PrintedCell) throws {
    let notation = printed.convention.rules.notation(printed.kind)
    var changed = 0
    for (index, equation) in notation.equations.enumerated() {
      guard equation.condition?.holds(of: printed.cell()) ?? true else { continue }
      for text in printed.mutations(of: equation.text, among: notation.symbols.map(\.name)) {
        var other = notation
        other.equations[index] = Equation(text, if: equation.condition)
        let distance = try printed.distance(by: other)
        #expect(distance.map { $0 > 1e-6 } ?? true, "\(equation.text) as \(text)")
        changed += 1
      }
    }
    #expect(changed > 5)
  }

  @Test("Every number of the native weights is in one name of the equations", arguments: PrintedCell.all)
  func complete(_ printed: PrintedCell) throws {
    let cell = printed.cell()
    let tensors = try printed.convention.tensors(of: cell)
    let symbols = printed.convention.rules.notation(printed.kind).symbols.filter {
      ($0.condition?.holds(of: cell) ?? true) && tensors[$0.tensor] != nil
    }
    var numbers: [Double] = []
    for symbol in symbols {
      switch try symbol.value(in: tensors, hiddenSize: cell.hiddenSize) {
      case .number(let number): numbers.append(number)
      case .vector(let vector): numbers += vector
      case .matrix(let matrix): numbers += matrix.elements
      }
    }
    #expect(numbers.sorted() == tensors.values.flatMap(\.values).sorted())
    #expect(Set(symbols.map(\.name)).count == symbols.count)
  }

  @Test("An equation that is none is refused with what was expected")
  func refused() {
    for (text, expected) in [
      ("h_t + 1", "\"=\""), ("h_t = ", "a term"), ("h_t = (x_t", "\")\""), ("h_t = x_t)", "the end"),
      ("= x_t", "a name"), ("h_t = x_t +", "a term"),
    ] {
      let error = #expect(throws: NotationError.self) { try Assignment(text) }
      #expect(error?.expected == expected, "\(text)")
    }
  }
}

extension PrintedCell {
  /// The equation with one operator, function or name replaced, one after the other, where the cell has what they are
  /// about: without peepholes P is zero, and without a clip nothing is clipped.
  fileprivate func mutations(of text: String, among names: [String]) -> [String] {
    let sides = text.split(separator: " = ").map(String.init)
    var replacements = [("−", "+"), ("σ", "tanh"), ("tanh", "σ"), ("ᵀ", "")]
    if feature == .clip { replacements.append(("clip(", "(")) }
    let isPlain = feature != .peepholes && text.contains("P_")
    if !isPlain { replacements += [("+", "−"), ("⊙", "+")] }
    let meant = names.filter { !isPlain || !$0.hasPrefix("P_") }
    for name in meant {
      for other in meant where other != name { replacements.append((name, other)) }
    }
    return replacements.flatMap { part, other in
      Self.replaced(sides[1], part, other).map { "\(sides[0]) = \($0)" }
    }
  }

  /// The text with one of the places replaced, each once; a name only as a whole.
  private static func replaced(_ text: String, _ part: String, _ other: String) -> [String] {
    let isName = part.contains { $0.isLetter } && !["σ", "tanh", "clip(", "ᵀ"].contains(part)
    let belongs = { (character: Character) in
      character.isLetter && character != "ᵀ" || "_′{}".contains(character)
    }
    return text.ranges(of: part).compactMap { range in
      let (before, after) = (text[..<range.lowerBound], text[range.upperBound...])
      guard !isName || !(before.last.map(belongs) ?? false) && !(after.first.map(belongs) ?? false) else {
        return nil
      }
      return before + other + after
    }
  }
}
