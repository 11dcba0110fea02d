import Recurrent

/// What a convention says of a kind of cell, for a person: nothing of it is typed. The equations are those that
/// `WrittenCell` runs; the names, shapes and blocks of weights are read off what the convention writes of a cell.
public struct ConventionSheet: Sendable {
  public let convention: Convention
  public let kind: CellKind

  public init(_ convention: Convention, _ kind: CellKind) {
    self.convention = convention
    self.kind = kind
  }

  /// A line, and of which cells it is; nil for all of the kind.
  public struct Line: Equatable, Sendable {
    public let text: String
    public let condition: String?
  }

  /// The equations, in the framework's own notation.
  public var formula: [Line] {
    notation.equations.map { Line(text: $0.text, condition: $0.condition?.rawValue) }
  }

  /// "r, z, n"
  public var gateOrder: String { letters(convention.gateOrder(kind)) }

  /// Native names, shapes, and what of the equations they hold: "weight_ih (3H, I) = [W_ir; W_iz; W_in]". A semicolon
  /// ends a row.
  public var weights: [Line] { unlike { cell in lines(of: cell) { $0.isPlain } } }

  /// The biases likewise.
  public var biases: [Line] { unlike { cell in lines(of: cell) { !$0.isPlain } } }

  /// Of which gates `b_ih + b_hh` is one bias, and of which it may not be.
  public var biasSums: [Line] {
    unlike { cell in
      let sums = Set(cell.gates.map(\.kind).filter { isSum($0, in: cell) })
      func part(_ text: String, _ isMeant: (GateKind) -> Bool) -> String? {
        let gates = convention.gateOrder(kind).filter(isMeant)
        return gates.isEmpty ? nil : kind == .rnn ? text : "\(letters(gates)): \(text)"
      }
      let isInside = { (gate: GateKind) in gate == .new && !cell.mergesBiases }
      return [
        [
          part("one, the sum of b_ih and b_hh", sums.contains),
          part("two, of which only the sum matters") { !sums.contains($0) && !isInside($0) },
          part("two, one of them inside r ⊙ (·)") { !sums.contains($0) && isInside($0) },
        ].compactMap { $0 }.joined(separator: "; ")
      ]
    }
  }
}

extension ConventionSheet {
  /// A native weight in words.
  private struct Entry {
    let name: String
    /// "3H, I"
    let shape: String
    /// "[W_ir; W_iz; W_in]"
    let blocks: String
    /// Whether a cell without biases has it too.
    let isPlain: Bool
  }

  private var notation: Notation { convention.rules.notation(kind) }

  private func letters(_ gates: [GateKind]) -> String {
    gates.map { $0 == .hidden ? "–" : convention.letter($0) }.joined(separator: ", ")
  }

  private func written(_ cell: Cell<Double>) -> [String: NativeTensor] {
    (try? convention.tensors(of: cell.converted(to: convention.formula))) ?? [:]
  }

  private func entries(of cell: Cell<Double>) -> [Entry] {
    let (all, plain) = (written(cell), written(cell.changing { ($1.biasIH, $1.biasHH) = (nil, nil) }))
    let symbols = notation.symbols.filter { $0.condition?.holds(of: cell) ?? true }
    var names: [String] = []
    for symbol in symbols where !names.contains(symbol.tensor) { names.append(symbol.tensor) }
    return names.compactMap { name in
      all[name].map { tensor in
        Entry(
          name: name, shape: tensor.shape.map(SymbolicCell.size).joined(separator: ", "),
          blocks: Symbol.blocks(symbols.filter { $0.tensor == name }), isPlain: plain[name] != nil)
      }
    }
  }

  /// One line for each weight, or for those of one shape that are each a name of the equations.
  private func lines(of cell: Cell<Double>, _ isMeant: (Entry) -> Bool) -> [String] {
    let entries = entries(of: cell).filter(isMeant)
    var shapes: [String] = []
    for entry in entries where !shapes.contains(entry.shape) { shapes.append(entry.shape) }
    return shapes.flatMap { shape in
      let alike = entries.filter { $0.shape == shape }
      let single = alike.filter { !$0.blocks.hasPrefix("[") }
      let names = single.map(\.name).joined(separator: ", ")
      return alike.filter { $0.blocks.hasPrefix("[") }.map { "\($0.name) (\(shape)) = \($0.blocks)" }
        + (single.isEmpty
          ? [] : ["\(names) (\(shape)) = " + single.map(\.blocks).joined(separator: ", ")])
    }
  }

  /// The lines of the plain cell of the kind, and after them, with its name, those that another one has in addition.
  private func unlike(_ lines: (Cell<Double>) -> [String]) -> [Line] {
    let plain = lines(SymbolicCell.cell(kind))
    let others = CellFeature.allCases.filter {
      $0.changesWeights && $0.isOf(kind) && convention.features.contains($0)
    }
    return plain.map { Line(text: $0, condition: nil) }
      + others.flatMap { feature in
        lines(SymbolicCell.cell(kind, with: feature)).filter { !plain.contains($0) }
          .map { Line(text: $0, condition: feature.words) }
      }
  }

  /// Whether what is written stays the same where the gate's `b_hh` is added to its `b_ih`.
  private func isSum(_ gate: GateKind, in cell: Cell<Double>) -> Bool {
    let moved = cell.changing { kind, parameters in
      guard kind == gate, let biasIH = parameters.biasIH, let biasHH = parameters.biasHH else { return }
      parameters.biasIH = zip(biasIH, biasHH).map(+)
      parameters.biasHH = biasHH.map { _ in 0 }
    }
    return written(cell) == written(moved)
  }
}
