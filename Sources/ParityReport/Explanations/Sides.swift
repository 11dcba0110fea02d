import Recurrent
import RecurrentConventions
import RecurrentParity

/// One direction of one layer as the run has it whose states are judged, and as it is declared by what they are judged
/// by: the run itself, or another reference.
struct Sides {
  struct Side {
    /// The reference's name.
    let name: String
    let framework: String
    let convention: Convention
    let cell: Cell<Double>
  }

  let run: Side
  let declared: Side
  /// The name of the reference that is declared to be right; nil where none is.
  let original: String?
  /// What the user calls the layers of the run, by number.
  var layerNames: [String] = []

  /// "0 (encoder.rnn), backward" of "0 backward"
  func layerText(_ parameter: String) -> String {
    var parts = parameter.split(separator: " ").map(String.init)
    if let number = parts.first.flatMap({ Int($0) }), layerNames.indices.contains(number) {
      parts[0] += " (\(layerNames[number].shortened(to: 40)))"
    }
    return parts.joined(separator: ", ")
  }

  var arePort: Bool { run.name != declared.name }

  /// The side that departs; nil where that is not known.
  var departing: Side? {
    guard arePort else { return run }
    switch original {
    case declared.name: return run
    case run.name: return declared
    default: return nil
    }
  }

  /// What each side declares of what a mistake is about, in a sentence; nil where that is nothing to tell.
  func declared(about mistake: Mistake) -> String? {
    switch mistake.kind {
    case .activation: return declared { Activation.words($0.cell.activation.description) }
    case .recurrentActivation:
      return declared { $0.cell.recurrentActivation.map { Activation.words($0.description) } ?? "none" }
    case .resetBefore, .resetAfter:
      guard arePort else { return nil }
      let formula =
        mistake.kind == .resetBefore ? "reset after is r ⊙ (W_hn h + b_hn)" : "reset before is W_hn (r ⊙ h)"
      return declared { "reset_after \($0.cell.resetsAfter)" }.map { $0.dropLast() + "; \(formula)." }
    case .initialStateIgnored where arePort: return "\(declared.name) starts from an initial state."
    default: return nil
    }
  }

  /// "The file declares tanh."; "keras declares relu, pytorch tanh."; "Both declare tanh."
  private func declared(_ text: (Side) -> String) -> String? {
    guard arePort else { return "The file declares \(text(run))." }
    if text(run) == text(declared) { return "Both declare \(text(run))." }
    return "\(run.name) declares \(text(run)), \(declared.name) \(text(declared))."
  }
}

extension Cell<Double> {
  fileprivate var resetsAfter: Bool { if case .gru(let cell) = self { cell.resetAfter } else { false } }
}
