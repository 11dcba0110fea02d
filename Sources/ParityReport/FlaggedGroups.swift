import RecurrentParity

/// One direction of one layer in a report, of a reference or of a cross check.
package protocol PassReport {
  var layer: Int { get }
  var direction: String { get }
  /// What the user calls the layer; nil where that is not known.
  var layerName: String? { get }
  var verdict: String { get }
  var firstFlagged: Nullable<FlaggedReport> { get }
  var findings: [FindingReport] { get }
  var diagnosis: Nullable<[DiagnosisReport]> { get }
  var notes: [String] { get }
}

extension LayerReport: PassReport {
  package var layerName: String? { name }
}

extension CrossLayerReport: PassReport {
  package var layerName: String? { name }
}

extension PassReport {
  /// "layer 1 (encoder.rnn), backward"
  package var place: String {
    let name = layerName.flatMap { $0.isEmpty ? nil : " (\($0.shortened(to: 40)))" }
    return "layer \(layer)\(name ?? ""), \(direction)"
  }

  /// Where it departs; nil where nothing was judged, or where the run's options have no formula here: no step is where it
  /// departs then, and a note names them.
  package var departure: String? {
    guard let flagged = firstFlagged.value,
      verdict == Verdict.invalid.rawValue || !findings.nameForeignOptions
    else { return nil }
    let place = "t = \(flagged.timestep), sequence \(flagged.batch), unit \(flagged.unit) of \(flagged.state)"
    guard flagged.residual.value.isFinite, flagged.bound.value.isFinite else {
      return "\(verdict) from \(place): no finite value to judge"
    }
    return "\(verdict) from \(place): residual \(text(flagged.residual)), bound \(text(flagged.bound))"
  }

  /// The simplest that explains it; nil where nothing does, or nothing was searched.
  package var explanation: DiagnosisReport? { diagnosis.value?.first }

  /// Whether hypotheses were tried and nothing accounts for it.
  package var isUnexplained: Bool {
    diagnosis.value == [] && !findings.explainAll
      && (findings.isEmpty || findings.contains { $0.kind != "contradiction" })
  }
}

/// Layers and directions of which the same is said.
package struct FlaggedGroup<Pass: PassReport> {
  package private(set) var passes: [Pass]
  /// What is said of them, a line each.
  package let lines: [String]

  /// The groups in the order of their first layers.
  package static func groups(_ flagged: [Pass], saying lines: (Pass) -> [String]) -> [FlaggedGroup] {
    var groups: [FlaggedGroup] = []
    for pass in flagged {
      let lines = lines(pass)
      let index = groups.firstIndex { $0.lines == lines && $0.passes[0].verdict == pass.verdict }
      if !lines.isEmpty, let index {
        groups[index].passes.append(pass)
      } else {
        groups.append(FlaggedGroup(passes: [pass], lines: lines))
      }
    }
    return groups
  }

  /// "layer 1 (encoder.rnn), backward", "layers 1 and 2, backward", "all 4 layers".
  ///
  /// - Parameter all: every pass that was judged beside them.
  package func place(among all: [Pass]) -> String {
    if passes.count == 1, let pass = passes.first { return pass.place }
    let layers = passes.map(\.layer).uniqued
    let directions = passes.map(\.direction).uniqued
    let isBoth = directions.count == 2
    if passes.count == all.count, layers.count > 1 {
      return (layers.count == 2 ? "both" : "all \(layers.count)") + " layers"
        + (isBoth ? ", both directions" : "")
    }
    guard passes.count == layers.count * directions.count else {
      return passes.map { "layer \($0.layer), \($0.direction)" }.joined(separator: "; ")
    }
    let names = layers.map(String.init)
    let numbers =
      names.count == 1
      ? "layer \(names[0])" + (passes[0].layerName.map { " (\($0.shortened(to: 40)))" } ?? "")
      : "layers " + names.dropLast().joined(separator: ", ") + " and \(names[names.count - 1])"
    return "\(numbers), \(isBoth ? "both directions" : directions[0])"
  }
}

extension CrossReport {
  /// What is said of a pass that no step of was judged.
  fileprivate func silentText(_ pass: CrossLayerReport) -> String {
    guard pass.findings.contains(where: { $0.name == UnjudgedReason.throughLayer(0).name }) else {
      return differing(pass).isEmpty
        ? pass.verdict : "\(pass.verdict): parameters differ, by too little to show in a state"
    }
    let above = layers.filter { $0.layer > pass.layer && $0.firstFlagged.value != nil }.map(\.layer).min()
    let place = above.map { "layer \($0)" } ?? "a layer above"
    return differing(pass).isEmpty
      ? "\(pass.verdict) only because \(place) is: nothing is recorded here, and the parameters are the same in both"
      : "\(pass.verdict): parameters differ; nothing is recorded here, and \(place) shows it"
  }

  /// What is said of a pass below its cause.
  package func details(_ pass: CrossLayerReport) -> [String] {
    weights == nil ? [parameterLine(pass)].compactMap { $0 } : []
  }

  /// The parameters of a pass that differ.
  func differing(_ pass: CrossLayerReport) -> [ParameterReport] {
    parameters.filter { $0.layer == pass.layer && $0.direction == pass.direction }
  }

  /// "bias[f] differs by 5.6e-01, weight_hh by 1.0e-01"; nil where none does.
  func parameterLine(_ pass: CrossLayerReport) -> String? {
    let differing = differing(pass)
    guard let first = differing.first else { return nil }
    let rest = differing.dropFirst().map { ", \($0.parameter) by \(text($0.maxAbs))" }.joined()
    let bound = differing.map(\.bound.value).max() ?? 0
    return "\(first.parameter) differs by \(text(first.maxAbs))\(rest), "
      + (bound == 0
        ? "and must be equal bit by bit" : "where a conversion rounds by \(text(Number(bound))) at most")
  }
}

extension CaseReport {
  /// What is said of a flagged pass of a cross check in place of its findings; nil where those are to be told.
  package func causes(_ pass: CrossLayerReport, in check: CrossReport) -> [String]? {
    if isExplainedTheOtherWayRound(pass, in: check) { return ["explained the other way round"] }
    if isFlaggedAsByItsOwnWeights(pass, in: check) { return ["as by its own weights, which are the same"] }
    guard !pass.findings.nameForeignOptions else { return nil }
    if pass.firstFlagged.value == nil { return [check.silentText(pass)] }
    if check.weights != nil { return [] }
    return weightsToBlame(pass, in: check).map { [$0] }
  }

  /// Where a run is what its own weights make of it, what differs between the two is all that is to be mended, named or
  /// not; nil where something is named, or the run does not match.
  private func weightsToBlame(_ pass: CrossLayerReport, in check: CrossReport) -> String? {
    guard areWeightsToBlame(for: pass, in: check) else { return nil }
    if let opposite = opposite(of: pass, in: check), place(of: opposite.check) < place(of: check),
      areWeightsToBlame(for: opposite.pass, in: opposite.check)
    {
      return "as the other way round: the two sets of weights differ"
    }
    let names = check.differing(pass).map(\.parameter)
    let shown =
      names.prefix(4).joined(separator: ", ") + (names.count > 4 ? " and \(names.count - 4) more" : "")
    return
      "\(check.statesOf)'s states are those of its own weights, which differ from \(check.weightsOf)'s in "
      + "\(shown)\(names.count == 1 ? " alone" : ""): carry that over again"
  }

  private func areWeightsToBlame(for pass: CrossLayerReport, in check: CrossReport) -> Bool {
    pass.isUnexplained && !check.differing(pass).isEmpty
      && own(pass, of: check)?.verdict == Verdict.match.rawValue
  }

  private func place(of check: CrossReport) -> Int {
    cross.firstIndex { $0.statesOf == check.statesOf && $0.weightsOf == check.weightsOf } ?? 0
  }

  private func opposite(
    of pass: CrossLayerReport, in check: CrossReport
  ) -> (check: CrossReport, pass: CrossLayerReport)? {
    guard
      let opposite = cross.first(where: { $0.statesOf == check.weightsOf && $0.weightsOf == check.statesOf })
    else { return nil }
    return opposite.layers.first { $0.layer == pass.otherLayer && $0.direction == pass.direction }.map {
      (opposite, $0)
    }
  }

  /// What the run is found to be by its own weights.
  private func own(_ pass: CrossLayerReport, of check: CrossReport) -> LayerReport? {
    references.first { $0.name == check.statesOf }?.layers.first {
      $0.layer == pass.layer && $0.direction == pass.direction
    }
  }

  /// Whether a cross check flags a pass just as its own weights do, with which those of the other are equal.
  func isFlaggedAsByItsOwnWeights(_ pass: CrossLayerReport, in check: CrossReport) -> Bool {
    guard check.differing(pass).isEmpty, pass.firstFlagged.value != nil, let own = own(pass, of: check)
    else { return false }
    return own.verdict == pass.verdict
      && own.firstFlagged.value?.timestep == pass.firstFlagged.value?.timestep
      && own.diagnosis.value?.map(\.hypothesis) == pass.diagnosis.value?.map(\.hypothesis)
  }
}
