import Recurrent
import RecurrentConventions
import RecurrentParity

/// In which order gate blocks were taken to be, in words.
struct GateOrderWords {
  /// The order of the blocks of some tensors, as in a mistake's parameter: `zrn@bias`.
  struct Block {
    let letters: String
    /// `bias`, `recurrent`, `input`; nil for all.
    let tensors: String?

    init?(_ mistake: Mistake) {
      guard mistake.kind == .gateOrder, let parts = mistake.parameter?.split(separator: "@"),
        let letters = parts.first
      else { return nil }
      self.letters = String(letters)
      tensors = parts.count > 1 ? String(parts[1]) : nil
    }
  }

  private let blocks: [Block]
  private let sides: Sides?

  /// - Parameter blocks: of one order.
  init(_ blocks: [Block], of sides: Sides?) {
    self.blocks = blocks
    self.sides = sides
  }

  private var letters: String { blocks.first?.letters ?? "" }

  /// "took the four gate blocks of the biases to be in the order i, f, o, g"
  var did: String {
    let count = [3: "three ", 4: "four "][letters.count] ?? ""
    return "took the \(count)gate blocks of \(tensors) to be in the order \(listed(letters))"
  }

  /// "PyTorch's order is i, f, g, o."
  var instead: String? {
    guard let sides else { return MistakeGuide.named("gate-order")?.instead }
    let declared = sides.declared.convention
    let stored = declared.gateOrder(sides.declared.cell.kind)
    let own = "\(declared.title)'s order is \(listed(stored.map(declared.letter).joined()))"
    let other = "; \(listed(letters)) is"
    let taken = letters.compactMap { letter in stored.first { declared.letter($0) == String(letter) } }
    if sides.run.convention != declared, taken == sides.run.convention.gateOrder(sides.run.cell.kind) {
      return own + "\(other) \(sides.run.convention.title)'s: the blocks were copied as they are."
    }
    let known = Self.otherOrders.first { $0.order == taken }
    return own + (known.map { "\(other) \($0.name)" } ?? "") + "."
  }

  /// "the biases", "the input weights and of the recurrent weights"
  var tensors: String {
    let names = blocks.map { block -> String in
      switch block.tensors {
      case "bias": "the biases"
      case "recurrent": "the recurrent weights"
      case "input": "the input weights"
      default: "weights and biases"
      }
    }
    guard let last = names.last, names.count > 1 else { return names.joined() }
    return "\(names.dropLast().joined(separator: ", ")) and of \(last)"
  }

  private func listed(_ letters: String) -> String { letters.map(String.init).joined(separator: ", ") }

  /// Whose order is which.
  private static let otherOrders: [(name: String, order: [GateKind])] = [
    ("PyTorch's and Keras's", [.input, .forget, .cell, .output]),
    ("ONNX's", [.input, .output, .forget, .cell]), ("DL4J's", [.cell, .forget, .output, .input]),
    ("TensorFlow 1's BlockLSTM's", [.input, .cell, .forget, .output]),
    ("PyTorch's", [.reset, .update, .new]), ("Keras's and ONNX's", [.update, .reset, .new]),
  ]
}
