import Recurrent

/// A name in an equation, and which part of which native weight it is.
struct Symbol: Sendable {
  /// What part of an axis is taken.
  enum Part: Sendable {
    case whole
    case index(Int)
    /// H in a row.
    case block(Int)

    /// Where it comes among the others.
    var number: Int {
      switch self {
      case .whole: 0
      case .index(let number), .block(let number): number
      }
    }
  }

  let name: String
  let tensor: String
  /// One for each axis; none where all of it is taken.
  var parts: [Part] = []
  /// Whether the equation has the weight the other way round.
  var isTransposed = false
  /// Of which cells it is; nil for all of the kind.
  var condition: EquationCondition?

  init(
    _ name: String, _ tensor: String, _ parts: Part..., transposed: Bool = false,
    if condition: EquationCondition? = nil
  ) {
    (self.name, self.tensor, self.parts, isTransposed) = (name, tensor, parts, transposed)
    self.condition = condition
  }

  /// Its value, of the native weights of a cell of H units; of a weight that the cell does not have zeros, as many as a
  /// bias is long.
  func value(in tensors: [String: NativeTensor], hiddenSize H: Int) throws(NotationError) -> NotationValue {
    guard let tensor = tensors[tensor] else { return .vector([Double](repeating: 0, count: H)) }
    var axes = tensor.shape.map { 0..<$0 }
    var isKept = axes.map { _ in true }
    for (axis, part) in parts.enumerated() where axes.indices.contains(axis) {
      switch part {
      case .whole: break
      case .index(let index): (axes[axis], isKept[axis]) = (index..<index + 1, false)
      case .block(let block): axes[axis] = block * H..<(block + 1) * H
      }
    }
    guard zip(axes, tensor.shape).allSatisfy({ $0.upperBound <= $1 }), axes.count <= 2 else {
      throw NotationError(text: name, expected: "a part of \(self.tensor)", found: "shape \(tensor.shape)")
    }
    let (rows, columns) = axes.count == 2 ? (axes[0], axes[1]) : (0..<1, axes.first ?? 0..<1)
    let width = tensor.shape.last ?? 1
    let elements = rows.flatMap { row in columns.map { tensor.values[row * width + $0] } }
    guard axes.count == 2, isKept.allSatisfy({ $0 }) else { return .vector(elements) }
    let matrix = Matrix(rows: rows.count, columns: columns.count, elements: elements)
    return .matrix(isTransposed ? matrix.transposed() : matrix)
  }
}

extension Symbol {
  /// What the symbols of one weight make of it, a semicolon after each row: "[b_z, b_r, b_h; b′_z, b′_r, b′_h]".
  static func blocks(_ symbols: [Symbol]) -> String {
    let rows = Dictionary(grouping: symbols, by: \.row).sorted { $0.key < $1.key }.map { row in
      row.value.sorted { $0.column < $1.column }.map { $0.name + ($0.isTransposed ? "ᵀ" : "") }
        .joined(separator: ", ")
    }
    return symbols.count == 1 ? rows[0] : "[" + rows.joined(separator: "; ") + "]"
  }

  /// Which row of blocks it lies in; those of a vector all lie in the first.
  private var row: Int { parts.count > 1 ? parts[0].number : 0 }
  private var column: Int { parts.last?.number ?? 0 }
}
