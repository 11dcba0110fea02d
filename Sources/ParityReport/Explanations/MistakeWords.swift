import Recurrent
import RecurrentParity

/// Mistakes in words: what was done, and what each side declares.
struct MistakeWords {
  private let mistakes: [Mistake]
  private let sides: Sides?
  /// Of a name of each: what it means, where it is known.
  private let names: [String]

  /// - Parameters:
  ///   - names: as in a report, one a mistake.
  ///   - sides: of the run that made them; nil where nothing is known of it.
  init(_ names: [String], of sides: Sides? = nil) {
    self.names = names
    self.sides = sides
    mistakes = names.compactMap(Mistake.init(named:))
  }

  /// "did this and did that. What to do."
  var sentence: String { ([did + "."] + instead).joined(separator: " ") }

  /// "did not add bias_hh, and started from zeros"
  var did: String { statements.map(\.did).joined(separator: ", and ") }

  /// What the formula says instead, or what each side declares: a sentence for each.
  var instead: [String] { statements.compactMap(\.instead) }

  /// What it looks like in a port: full sentences that begin with "The port".
  var ofPort: [String] {
    var seen: Set<String> = []
    return names.compactMap { MistakeGuide.named($0)?.port }.filter { seen.insert($0).inserted }
  }

  private var statements: [(did: String, instead: String?)] {
    var told: Set<String> = []
    return names.compactMap { name in
      if let order = Mistake(named: name).flatMap(GateOrderWords.Block.init) {
        // The same order of several tensors is one thing.
        guard told.insert(order.letters).inserted else { return nil }
        let all = mistakes.compactMap(GateOrderWords.Block.init).filter { $0.letters == order.letters }
        let words = GateOrderWords(all, of: sides)
        return (words.did, words.instead)
      }
      guard let guide = MistakeGuide.named(name) else { return ("did \(name)", nil) }
      let mistake = Mistake(named: name)
      return (
        mistake?.did(in: sides) ?? guide.did.replacingParameter(of: name, unnamed: guide.unnamed),
        mistake.flatMap { mistake in sides.flatMap { $0.declared(about: mistake) } }
          ?? guide.instead.replacingParameter(of: name, unnamed: guide.unnamed)
      )
    }
  }
}

extension Mistake {
  /// What was done, where the parameter is more than a word that is put in its place.
  fileprivate func did(in sides: Sides?) -> String? {
    switch (kind, parameter) {
    case (.inputTimeShifted, let parameter):
      guard let steps = Int(parameter ?? "1") else { return nil }
      let count = steps.magnitude
      return "was fed the input of \(count) step\(count == 1 ? "" : "s") \(steps > 0 ? "earlier" : "later"), "
        + "x[t \(steps > 0 ? "−" : "+") \(count)]"
    case (.initialStateLayerSwapped, let layer?):
      let text = sides?.layerText(layer) ?? layer.split(separator: " ").joined(separator: ", ")
      return "started from the initial state of layer \(text)"
    case (.lengthsIgnored, let which?): return "ran over the padding of \(which), which have no valid step"
    case (.staleBuffer, let gate?):
      return "added every step's recurrent product to those of the steps before, in gate \(gate)"
    case (.firstRecurrentBiasIgnored, let gate?):
      return "did not add bias_hh of gate \(gate) at the first step"
    default: return nil
    }
  }
}

extension String {
  /// The text with `%` replaced by what follows the colon of a hypothesis's name; an activation says which it is.
  fileprivate func replacingParameter(of name: String, unnamed: String) -> String {
    let parameter = name.split(separator: ":", maxSplits: 1).dropFirst().first.map(String.init) ?? unnamed
    return split(separator: "%", omittingEmptySubsequences: false).joined(
      separator: Activation.words(parameter))
  }
}
