import NativeWeights
import ParityReport
import Recurrent
import RecurrentConventions

/// What was converted, for a person: what was written, how it is declared, what is not as it was and what is left out.
struct ConversionText {
  private let conversion: WeightConversion
  private let layout: WrittenFormat
  private let output: String

  init(_ conversion: WeightConversion, _ layout: WrittenFormat, output: String) {
    (self.conversion, self.layout, self.output) = (conversion, layout, output)
  }

  var lines: [String] {
    let count = conversion.layers.count
    let stored = conversion.storedFormat(in: layout).name
    var lines = [
      "\(output.printable): \(count) recurrent layer\(count == 1 ? "" : "s") of "
        + "\(conversion.file.printable) for \(conversion.target.title), \(stored)"
    ]
    lines += conversion.code.map { name, code in
      "  " + (name.isEmpty ? "" : name.printable + " = ") + code.printable
    }
    let notes = conversion.notes(in: layout)
    lines += notes.map { "  \(text($0))" }
    if notes.isEmpty { lines.append("  every parameter is as it was, bit for bit") }
    for tensor in conversion.leftOut {
      let shape = tensor.shape.map(String.init).joined(separator: ", ")
      lines.append("  left out: \(tensor.name.printable) (\(shape)), no recurrent layer's")
    }
    return lines
  }

  private func text(_ note: ConversionNote) -> String {
    let place = [note.layer?.printable, note.direction?.rawValue].compactMap { $0 }.joined(separator: ", ")
    return (place.isEmpty ? "" : "\(place): ") + text(note.change)
  }

  private func text(_ change: ConversionNote.Change) -> String {
    switch change {
    case .biasesSummed(let gates, let names, let rounding):
      "\(names.joined(separator: ", "))\(letters(gates)): the sum of both biases, "
        + (rounding == 0 ? "exact; what each was is lost" : "rounded by \(compact(rounding)) at most")
    case .zerosAdded(let gates, let names):
      "\(names.joined(separator: ", "))\(letters(gates)): zeros where the input has no bias"
    case .zerosDropped(let gates): "a second bias of zeros\(letters(gates)) is not written"
    case .rounded(let from, let to, let relative):
      "rounded from \(from) to \(to), by \(compact(relative)) of a value at most"
    case .outputReversed:
      "Keras puts out the steps in the order of computing, the input in that of time: turn its output round"
    }
  }

  private func letters(_ gates: [GateKind]) -> String {
    let letters = gates.filter { $0 != .hidden }.map(conversion.target.letter)
    return letters.isEmpty ? "" : " of \(letters.joined(separator: ", "))"
  }

  /// "3.0e-8", rounded up.
  private func compact(_ value: Double) -> String {
    var (digits, exponent) = (value, 0)
    while digits >= 10 { (digits, exponent) = (digits / 10, exponent + 1) }
    while digits < 1 { (digits, exponent) = (digits * 10, exponent - 1) }
    return "\((digits * 10).rounded(.up) / 10)e\(exponent)"
  }
}
