import Recurrent
import RecurrentConventions
import RecurrentParity

/// What of a conversion is not as it was, of which layer. What is not noted is the same, bit for bit.
public struct ConversionNote: Equatable, Sendable {
  /// What a conversion may change.
  public enum Change: Equatable, Sendable {
    /// Of these gates `b_ih + b_hh` is one bias, in that weight; `rounding` is how far the sum is rounded at most.
    case biasesSummed([GateKind], in: [String], rounding: Double)
    /// A bias of zeros that the file does not have.
    case zerosAdded([GateKind], in: [String])
    /// A second bias of zeros, which is not written.
    case zerosDropped([GateKind])
    /// Values that the written format does not have are rounded; `relative` is the largest relative change.
    case rounded(from: String, to: String, relative: Double)
    /// Keras puts out a backward layer's steps in the order in which it computes them; the input in that of time.
    case outputReversed
  }

  /// The layer's name; nil for the whole file.
  public let layer: String?
  /// Nil for a layer of one.
  public let direction: Direction?
  /// What is not as it was.
  public let change: Change
}

extension WeightConversion {
  /// What is not as it was in a file of that layout.
  public func notes(in layout: WrittenFormat) -> [ConversionNote] {
    let stored = storedFormat(in: layout)
    var notes: [ConversionNote] = []
    for layer in layers {
      for pass in layer.passes {
        let direction = layer.isBidirectional ? pass.direction : nil
        notes += pass.changes(stored).map {
          ConversionNote(layer: layer.name, direction: direction, change: $0)
        }
      }
      if layer.passes.map(\.direction) == [.backward], target == .keras, layer.source != .keras {
        notes.append(ConversionNote(layer: layer.name, direction: nil, change: .outputReversed))
      }
    }
    if stored != format {
      let values = layers.flatMap(\.passes).flatMap(\.converted.tensors.values).flatMap(\.values)
      let changes = values.map { value in
        value == 0 ? 0 : abs(stored.round(value) - value) / abs(value)
      }
      let relative = changes.max() ?? 0
      if relative > 0 {
        notes.append(
          ConversionNote(
            layer: nil, direction: nil,
            change: .rounded(from: format.name, to: stored.name, relative: relative)))
      }
    }
    return notes
  }
}

extension ConvertedPass {
  fileprivate func changes(_ stored: FloatFormat) -> [ConversionNote.Change] {
    converted.changes.map { change in
      switch change {
      case .biasesSummed(let gates):
        let sums = converted.cell.gates.filter { gates.contains($0.kind) }.flatMap { $0.gate.biasIH ?? [] }
        return .biasesSummed(
          gates, in: biasNames, rounding: sums.map { abs(stored.round($0) - $0) }.max() ?? 0)
      case .zerosAdded(let gates): return .zerosAdded(gates, in: biasNames)
      case .zerosDropped(let gates): return .zerosDropped(gates)
      }
    }
  }

  private var biasNames: [String] {
    converted.tensors.keys.filter { $0.hasSuffix("bias") || $0.hasPrefix("b") || $0 == "B" }.sorted()
  }
}
