import RecurrentConventions
import RecurrentParity

/// Findings in words, for the run of one reference, or for one reference's states by another's weights.
struct FindingWords {
  /// Of the weights that the states are judged by: its letters name the gates.
  let convention: Convention?
  /// The run that is judged, and what declares the formula; nil where only the findings are known.
  var sides: Sides?
  /// What the user calls the layers of the run, by number.
  var layerNames: [String] = []

  /// What is found beside a diagnosis, a line each; where there is no diagnosis, what accounts for a run is among them.
  func notes(of judgement: PassJudgement) -> [String] {
    let mistakes = judgement.isSearched ? [] : judgement.findings.filter(\.isDiagnosis).map(sentence)
    return mistakes + notes(judgement.findings)
  }

  /// What is found beside a diagnosis, a line each; parameters that cannot be told apart share one. What a residual
  /// looks like is said where nothing explains it.
  func notes(_ findings: [Finding]) -> [String] {
    let isExplained = findings.contains { $0.isDiagnosis && $0.explains == .all }
    let parameters = findings.compactMap(parameter)
    var notes: [String] = []
    var hasParameters = false
    for finding in findings {
      if case .parameter = finding.subject {
        if !hasParameters {
          notes.append("one parameter accounts for all of it: " + parameters.joined(separator: "; or "))
        }
        hasParameters = true
      } else if case .remainder = finding.subject {
        if !isExplained { notes += lines(finding) }
      } else {
        notes += lines(finding)
      }
    }
    return notes
  }

  /// What was found, where, what to do, and the line that mends it: a sentence or more.
  func sentence(_ finding: Finding) -> String {
    if case .boundary = finding.subject { return statement(finding) }
    let mending = mending(finding).map { " \($0.line)." }.joined()
    return "\(place(finding)): \(statement(finding))\(mending)"
  }

  /// The same without the place and the line: equal for equal findings.
  func statement(_ finding: Finding) -> String {
    switch finding.subject {
    case .mistake(let mistakes):
      let words = MistakeWords(mistakes.map(\.name), of: sides)
      let doubt =
        finding.explains == .consistent
        ? [
          "That is only consistent with the record: there is too little of it beside what the value was fitted to. "
            + "Record more steps."
        ] : []
      let details = mistakes.compactMap(\.detail).map { "\($0)." }
      return (["\(subject) \(words.did)."] + details + consequence(words) + words.instead + doubt)
        .joined(separator: " ")
    case .precision(let arithmetic):
      let extent = finding.explains == .all ? "every recorded state" : "most of the recorded states"
      return "\(subject) \(arithmetic.did): that reproduces \(extent)."
    case .parameter:
      return "one parameter accounts for every recorded state: "
        + "\(parameter(finding) ?? finding.name). Copy that parameter again."
    case .contradiction, .remainder, .unjudged, .amplification, .boundary:
      return lines(finding).joined(separator: ". ") + "."
    }
  }

  /// How a finding is mended where the run departs, or the port.
  func mending(_ finding: Finding) -> [Mending] {
    guard let sides, finding.isDiagnosis else { return [] }
    return sides.mending(finding.name)
  }

  /// "layer 1 (encoder.rnn), backward"
  private func place(_ finding: Finding) -> String {
    let (layer, direction) = (finding.place.layer, finding.place.direction.rawValue)
    guard layerNames.indices.contains(layer), !layerNames[layer].isEmpty else {
      return "layer \(layer), \(direction)"
    }
    return "layer \(layer) (\(layerNames[layer].shortened(to: 40))), \(direction)"
  }

  /// "the run", or of a port "by pytorch's weights, keras"
  private var subject: String {
    guard let sides, sides.arePort else { return "the run" }
    let run = sides.run.name == sides.original ? "\(sides.run.name), the original," : sides.run.name
    return sides.declared.name == sides.original
      ? "\(run) departs from \(sides.declared.name), the original: it"
      : "by \(sides.declared.name)'s weights, \(run)"
  }

  /// What that means of the port, as far as it is known which of the two it is.
  private func consequence(_ words: MistakeWords) -> [String] {
    guard let sides, sides.arePort else { return [] }
    switch sides.original {
    case sides.declared.name: return words.ofPort.map { $0.replacingPort(by: "It", "Its") }
    case sides.run.name: return ["So it is \(sides.declared.name) that departs."]
    default:
      return words.ofPort.map { "If \(sides.run.name) is the port, \($0.replacingPort(by: "it", "its"))" }
    }
  }

  private func parameter(_ finding: Finding) -> String? {
    guard case .parameter(let parameter) = finding.subject else { return nil }
    return parameter.text(letter: convention?.letter(parameter.gate) ?? parameter.gate.rawValue)
  }

  private func lines(_ finding: Finding) -> [String] {
    switch finding.subject {
    case .mistake, .precision, .parameter: []
    case .contradiction(let record): [record.text]
    case .remainder(let shape): shape.lines(at: finding.place, in: convention)
    case .unjudged(let reason): [reason.text]
    case .boundary(let departure): [departure.text]
    case .amplification: ["every step is exact to rounding, and the network amplifies it"]
    }
  }
}

extension String {
  /// A sentence that begins with "The port" or "The port's", said of whom the words before name.
  fileprivate func replacingPort(by subject: String, _ possessive: String) -> String {
    for (beginning, word) in [("The port's ", possessive), ("The port ", subject)] where hasPrefix(beginning)
    {
      return "\(word) \(dropFirst(beginning.count))"
    }
    return self
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
