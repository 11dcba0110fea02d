import RecurrentParity

extension BoundaryDeparture {
  /// "between layer encoder.l1 and head: what keras was fed differs from pytorch's by …"
  var text: String {
    place + subject + difference.text(from: "\(other)'s", boundary, isMeasured: isMeasured)
      + (isExchanged ? ", with its first two axes exchanged" : "")
      + (relation.map { "; it is \(other)'s \($0.text)" } ?? "")
  }

  private var place: String {
    switch (layerBefore, layer) {
    case (let before?, let layer?): "between layer \(before) and \(layer): "
    case (nil, let layer?): "before layer \(layer): "
    case (let before?, nil): "after layer \(before): "
    case (nil, nil): "before all layers: "
    }
  }

  private var subject: String {
    switch boundary {
    case .modelInput(let name): "what \(reference) was given as \(name)"
    case .layerInput: "what \(reference) was fed"
    case .initialState(_, let direction, let kind):
      "the \(direction.rawValue) initial state \(kind.rawValue) of \(reference)"
    case .modelOutput(let name): "what \(reference) returned as \(name)"
    }
  }
}

extension ArrayRelation {
  /// "times 0.5", and what that comes of.
  fileprivate var text: String {
    switch self {
    case .affine(let factor, 0): "times \(ParityReport.text(Number(factor), .compact))"
    case .affine(1, let offset): "plus \(ParityReport.text(Number(offset), .compact))"
    case .affine(let factor, let offset):
      "times \(ParityReport.text(Number(factor), .compact)), plus \(ParityReport.text(Number(offset), .compact))"
    case .dropout(let p):
      "with dropout left on, p = \(ParityReport.text(Number(p), .compact)): zeros, and the rest over 1 - p. "
        + "Record in evaluation mode: model.eval(), training=False"
    case .reversed: "backwards in its first axis"
    case .shifted(let steps):
      "\(abs(steps)) step\(abs(steps) == 1 ? "" : "s") \(steps > 0 ? "later" : "earlier")"
    case .halvesSwapped: "with the two halves of its units exchanged: backward before forward"
    case .interleaved:
      "with the units of its two halves by turns: stacked along a new last axis, not concatenated"
    case .backwardHalfReversed:
      "with the second half of its units backwards in time: the backward direction's output was not reversed"
    case .reordered(let order):
      "with its rows in the order \(order.prefix(8).map(String.init).joined(separator: ", "))"
        + (order.count > 8 ? ", …" : "")
    }
  }
}

extension BoundaryDifference {
  fileprivate func text(from other: String, _ boundary: Boundary, isMeasured: Bool) -> String {
    switch self {
    case .values(let ratio, let slice):
      let rounding =
        isMeasured ? "what rounding moves it" : "what rounding may move it, which was not measured"
      return " differs from \(other) by \(ParityReport.text(Number(ratio))) times \(rounding)"
        + (slice.text(of: boundary).map { " (\($0))" } ?? "")
    case .notANumber(let count, let first):
      return " or \(other) is not a number, \(places(count, first)): that equals nothing"
    case .integers(let count, let first): return " differs from \(other) \(places(count, first))"
    case .shapes(let own, let others): return " has shape \(own.text), \(other) \(others.text)"
    case .validSteps: return " has other valid steps than \(other)"
    }
  }

  private func places(_ count: Int, _ first: [Int]) -> String {
    "at [\(first.map(String.init).joined(separator: ", "))]"
      + (count > 1 ? " and in \(count - 1) more place\(count == 2 ? "" : "s")" : "")
  }
}

extension [Int] {
  fileprivate var text: String { "(" + map(String.init).joined(separator: ", ") + ")" }
}

extension BoundarySlice {
  /// Nil where it is all of the array.
  fileprivate func text(of boundary: Boundary) -> String? {
    guard case .at(let axis, let index) = self else { return nil }
    let names =
      switch boundary {
      case .layerInput: ["t =", "sequence", "unit"]
      case .initialState: ["sequence", "unit"]
      case .modelInput, .modelOutput: [String]()
      }
    return names.indices.contains(axis) ? "\(names[axis]) \(index)" : "index \(index) of axis \(axis)"
  }
}

extension CaseJudgement {
  /// What is to be said of a boundary beside its numbers.
  func text(_ judgement: BoundaryJudgement) -> String? {
    let exchanged = judgement.isExchanged ? "compared with its first two axes exchanged" : nil
    let text =
      switch judgement.outcome {
      case .agrees: exchanged
      case .notCompared(let name):
        if case .modelOutput = judgement.boundary {
          "only \(name) returns it: final states, which are judged in their layers"
        } else {
          "only \(name) takes it: what it leads to is compared behind it"
        }
      case .undecided(let reason): [reason.text, exchanged].compactMap { $0 }.joined(separator: "; ")
      case .differs(let difference): departure(judgement, difference)?.text
      }
    return text.map { "\(judgement.boundary.path): \($0)" }
  }
}

extension UndecidedBoundary {
  fileprivate var text: String {
    switch self {
    case .spread(let relative):
      "rounding alone moves it by \(ParityReport.text(Number(relative))) of its size, and that decides nothing: "
        + "pin the second recording to the first"
    case .unmeasured(let relative):
      "differs by \(ParityReport.text(Number(relative))) of its size, and how far rounding moves it was not "
        + "measured: record with a spread"
    case .moved: "integers differ, and rounding alone changes them"
    case .onlyIn(let name): "only \(name) records it, or several could be its counterpart"
    }
  }
}
