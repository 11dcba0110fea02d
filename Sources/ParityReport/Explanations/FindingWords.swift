import RecurrentConventions
import RecurrentParity

/// Findings in words, for the run of one reference, or for one reference's states by another's weights.
struct FindingWords {
  /// Of the weights that the states are judged by: its letters name the gates.
  let convention: Convention?
  /// The names of the two references; nil where a run is judged by its own weights.
  var port: (states: String, weights: String)?

  /// What is found beside a diagnosis, a line each; parameters that cannot be told apart share one. Where there is no
  /// diagnosis, what accounts for a run is among them.
  func notes(of judgement: PassJudgement) -> [String] {
    let mistakes = judgement.isSearched ? [] : judgement.findings.filter(\.isDiagnosis).map(sentence)
    return mistakes + notes(judgement.findings)
  }

  func notes(_ findings: [Finding]) -> [String] {
    let parameters = findings.compactMap(parameter)
    var notes = findings.compactMap(note)
    if !parameters.isEmpty {
      let line = "one parameter accounts for all of it: " + parameters.joined(separator: "; or ")
      let before = findings.prefix { $0.kind != "parameter" }.compactMap(note).count
      notes.insert(line, at: before)
    }
    return notes
  }

  /// What was found, where, and what to do: a sentence or more.
  func sentence(_ finding: Finding) -> String {
    switch finding.subject {
    case .mistake(let mistakes):
      let sentence = "\(run(finding)) \(MistakeGuide.sentence(mistakes.map(\.name), isPort: port != nil))"
      guard finding.explains == .consistent else { return sentence }
      return sentence
        + " That is only consistent with the record: there is too little of it beside what the value was "
        + "fitted to. Record more steps."
    case .precision(let arithmetic):
      let extent = finding.explains == .all ? "every recorded state" : "most of the recorded states"
      return "\(run(finding)) \(arithmetic.did): that reproduces \(extent)."
    case .parameter:
      return "\(place(finding)): one parameter accounts for every recorded state: "
        + "\(parameter(finding) ?? finding.name). Copy that parameter again."
    case .boundary(let departure): return departure.text + "."
    case .contradiction, .remainder, .unjudged, .amplification:
      return "\(place(finding)): \(note(finding) ?? finding.name)."
    }
  }

  /// "layer 1, backward"
  private func place(_ finding: Finding) -> String {
    "layer \(finding.place.layer), \(finding.place.direction.rawValue)"
  }

  /// "layer 1, backward: the run", or of a port "layer 1, backward: by pytorch's weights, keras"
  private func run(_ finding: Finding) -> String {
    place(finding) + ": " + (port.map { "by \($0.weights)'s weights, \($0.states)" } ?? "the run")
  }

  private func parameter(_ finding: Finding) -> String? {
    guard case .parameter(let parameter) = finding.subject else { return nil }
    return parameter.text(letter: convention?.letter(parameter.gate) ?? parameter.gate.rawValue)
  }

  private func note(_ finding: Finding) -> String? {
    switch finding.subject {
    case .mistake, .precision, .parameter: nil
    case .contradiction(let record): record.text
    case .remainder(let shape): shape.text(at: finding.place)
    case .unjudged(let reason): reason.text
    case .boundary(let departure): departure.text
    case .amplification: "every step is exact to rounding, and the network amplifies it"
    }
  }
}

extension LoweredArithmetic {
  /// "computed in bfloat16"
  fileprivate var did: String {
    switch extent {
    case .everything: "computed in \(format)"
    case .operands: "rounded the operands of its matrix products to \(format)"
    case .truncatedOperands: "truncated the operands of its matrix products to \(format)"
    case .autocast:
      "computed its matrix products and what is made of them alone in \(format), as autocast does"
    case .dynamicQuantization(let framework):
      "quantized the operands of its matrix products to 8 bits, dynamically, as \(framework) does"
    }
  }
}

extension ContradictedRecord {
  fileprivate var text: String {
    switch self {
    case .output, .finalState: "\(name) contradicts the recorded states"
    case .mergedOutput(let merge): "\(name) contradicts the recorded states, merged by \(merge.rawValue)"
    case .emptyFinalState(_, .initial):
      "\(name) of a sequence without a valid step is not its initial state"
    case .emptyFinalState(_, .zeros):
      "\(name) of a sequence without a valid step is not zero, as the layer's empty_final says"
    }
  }
}

extension UnjudgedReason {
  fileprivate var text: String {
    switch self {
    case .throughLayer(let layer): "nothing is recorded here: judged through layer \(layer)"
    case .nothingRecorded: "nothing is recorded here"
    case .exhaustedBound: "the propagated bound says nothing any more where the verdict is inconclusive"
    case .premisesNotFinite: "where the verdict is inconclusive, the input or the state before is not finite"
    case .overflow(let format):
      "where the verdict is inconclusive, the run's own sums may leave the range of \(format): what it computes "
        + "then depends on their order"
    case .unwritten(let paths):
      "nothing was ever written to \(paths.joined(separator: ", ")): what reads as zeros there is no evidence"
    case .options(let options):
      "it declares \(options.joined(separator: ", ")), for which there is no formula here"
    case .notSearched:
      "too many steps lie between the input and what was returned for every known mistake to be tried: record the "
        + "states of the layers, or fewer steps"
    case .allZero:
      "everything recorded is zero, and any formula gives that: record a run that computes something"
    }
  }
}
