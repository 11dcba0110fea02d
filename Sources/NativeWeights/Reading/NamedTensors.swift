import Recurrent
import RecurrentConventions

/// Tensors with names, as flat files have them, from which recurrent layers are taken one by one.
struct NamedTensors {
  let file: String
  private var tensors: [String: StoredTensor]

  init(_ tensors: [StoredTensor], file: String) {
    self.file = file
    self.tensors = Dictionary(tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// All that is not taken, in the order in which a person counts.
  var names: [String] { tensors.keys.sorted { $0.isCounted(before: $1) } }

  subscript(_ name: String) -> StoredTensor? { tensors[name] }

  mutating func take(_ name: String) -> StoredTensor? { tensors.removeValue(forKey: name) }

  var rest: [StoredTensor] { names.compactMap { tensors[$0] } }

  func error(_ path: String, expected: String, found: String) -> WeightFileError {
    WeightFileError(file: file, path: path, expected: expected, found: found)
  }

  /// The recurrent layers of all frameworks, in the order of their names.
  mutating func takeLayers() throws(WeightFileError) -> [WeightLayer] {
    var layers = try takePyTorchLayers()
    layers += try takeFlaxLayers()
    layers += try takeMLXLayers()
    layers += try takeKerasLayers()
    return layers
  }
}

/// What the shapes of a cell's matrices say.
struct CellShape {
  let kind: CellKind
  let inputSize: Int
  let hiddenSize: Int

  /// Nil where they are no cell's: there are 1, 3 or 4 gates of H units each.
  ///
  /// - Parameter packed: G · H.
  init?(packed: Int, inputSize: Int, hiddenSize: Int) {
    guard packed > 0, hiddenSize > 0, inputSize > 0, packed % hiddenSize == 0 else { return nil }
    switch packed / hiddenSize {
    case 1: kind = .rnn
    case 3: kind = .gru
    case 4: kind = .lstm
    default: return nil
    }
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
  }
}

extension String {
  /// Whether it comes first where runs of digits count as numbers: "l2" before "l10".
  func isCounted(before other: String) -> Bool {
    var (a, b) = (Substring(self), Substring(other))
    while let x = a.first, let y = b.first {
      if x.isASCIIDigit, y.isASCIIDigit {
        let (m, n) = (a.prefix { $0.isASCIIDigit }, b.prefix { $0.isASCIIDigit })
        let (p, q) = (m.drop { $0 == "0" }, n.drop { $0 == "0" })
        if p != q { return p.count != q.count ? p.count < q.count : p < q }
        a = a.dropFirst(m.count)
        b = b.dropFirst(n.count)
      } else {
        if x != y { return x < y }
        a = a.dropFirst()
        b = b.dropFirst()
      }
    }
    return a.isEmpty == b.isEmpty ? self < other : a.isEmpty
  }

  /// The part behind the last separator, and what stands before it, the separator included.
  func splitBehindLast(_ separators: Set<Character>) -> (head: String, tail: String) {
    guard let index = lastIndex(where: separators.contains) else { return ("", self) }
    return (String(self[...index]), String(self[self.index(after: index)...]))
  }

  /// Without a separator at the end.
  var withoutSeparator: String { last == "." || last == "/" ? String(dropLast()) : self }
}

extension Character {
  var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
