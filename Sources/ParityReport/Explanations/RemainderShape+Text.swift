import Recurrent
import RecurrentConventions
import RecurrentParity

extension RemainderShape {
  /// What it looks like and which elements carry it; then what agrees, what comes near, and what to do next: a line each.
  ///
  /// - Parameter convention: whose letters name the gates; nil for PyTorch's.
  func lines(at place: FindingPlace, in convention: Convention?) -> [String] {
    let letter = { (gate: GateKind) in convention?.letter(gate) ?? gate.rawValue }
    return [
      "beyond the bound: \(what(letter)); \(elements) of \(of) elements, units \(listed(place.units)), "
        + "t \(listed(place.timesteps)), sequences \(listed(place.sequences))"
        + (cellStateText(letter) ?? ""), activation?.text, agreementText, nearestText, nextText,
    ].compactMap { $0 }
  }

  private func what(_ letter: (GateKind) -> String) -> String {
    switch firstStep {
    case .alone where pattern != .spike:
      return "the first step alone: it started from another state than declared"
    case .rightFromZeros(let idle):
      return "every step but the first, which starts from zeros: so it is the recurrent product, "
        + idle.map { "gate \(letter($0)), which does nothing to zeros, " }.joined()
        + "or what is carried from step to step" + inWhat
    case .rightFromState:
      return
        "every step but the first, which starts from the given state: what is carried from step to step is "
        + "not what was computed" + inWhat
    case .wrongFromZeros:
      return
        "\(pattern.text(isCarried)), and the first step too, which starts from zeros: so it is not the recurrent "
        + "product alone, but the input, its weights, a bias or an activation"
        + (isCarried ? ", or it started from another state" : "")
    case .alone, nil: return pattern.text(isCarried)
    }
  }

  /// Nothing where a state is to blame, and no gate.
  private func cellStateText(_ letter: (GateKind) -> String) -> String? {
    guard let cellState else { return nil }
    switch firstStep {
    case .alone, .rightFromState: return nil
    case .rightFromZeros where !cellState.off.isEmpty: return nil
    case .rightFromZeros, .wrongFromZeros, nil: break
    }
    switch pattern {
    case .someTimesteps, .oneTimestep, .stepOfOneSequence, .spike:
      // The formula holds at all other steps, and with it the gates.
      return cellState.off.isEmpty ? cellState.text(letter) : nil
    default: return cellState.text(letter)
    }
  }

  /// Where a pattern says more than that it is every step but the first.
  private var inWhat: String {
    switch pattern {
    case .oneUnit: ", of one unit"
    case .someUnits: ", of some units"
    case .someSequences: ", in some sequences only"
    default: ""
    }
  }

  // MARK: What agrees

  private var agreementText: String? {
    let finals = agreements.compactMap {
      if case .finalState(let kind) = $0 { "final_state/\(kind.rawValue)" } else { nil }
    }
    let final =
      finals.isEmpty
      ? nil
      : "\(finals.joined(separator: " and ")), which the formula makes of the input and the recorded states do not end "
        + "in: they may stand in other places than they were computed in (transposed, reversed, another row)"
    let names = agreements.compactMap { if case .reference(let name) = $0 { name } else { nil } }
    let others =
      names.isEmpty
      ? nil
      : "the states of \(names.joined(separator: ", ")), by these same weights: so it is not the weights, but this run or what it "
        + "declares"
    let texts = [final, agreements.contains(.otherDirection) ? "the other direction" : nil, others].compactMap
    { $0 }
    return texts.isEmpty ? nil : "agrees: " + texts.joined(separator: "; ")
  }

  // MARK: What comes near

  private var nearestText: String? {
    guard let first = nearest.first else { return nil }
    let others = nearest.dropFirst().map { ", one that \($0.did) \($0.share)" }
    return
      "nothing that was tried explains it: a run that \(first.did) would leave \(first.share) of these elements "
      + "over\(others.joined()), so \(others.isEmpty ? "that is not" : "neither is") what happened, though it may be "
      + "part of it"
  }

  // MARK: What to do next

  private var nextText: String? {
    let texts = next.map(\.text)
    return texts.isEmpty ? nil : "to learn more: " + texts.joined(separator: "; or ")
  }
}

/// "3", "0–11", "0, 2, 5", "0, 2, 5 and 9 more"
private func listed(_ values: [Int]) -> String {
  guard let first = values.first, let last = values.last else { return "none" }
  if values.count == 1 { return "\(first)" }
  if last - first + 1 == values.count { return "\(first)–\(last)" }
  let shown = values.prefix(4).map(String.init).joined(separator: ", ")
  return values.count <= 4 ? shown : "\(shown) and \(values.count - 4) more"
}

extension RemainderShape.Pattern {
  /// - Parameter isCarried: whether c is carried along, so that one wrong state shows at many steps.
  fileprivate func text(_ isCarried: Bool) -> String {
    switch self {
    case .spike: "one spike"
    case .stepOfOneSequence: "one step of one sequence"
    case .oneUnit: "one unit: a row of weights or a bias of it"
    case .oneTimestep: "one timestep"
    case .everything: "everything"
    case .everythingFrom(let t):
      "everything from t = \(t) on: something changed during the run, or builds up in it"
    case .everythingUntil(let t) where isCarried:
      "nothing after t = \(t): it started from another state, which is forgotten by then"
    case .everythingUntil(let t): "nothing after t = \(t): something changed during the run"
    case .someSequences: "some sequences only"
    case .someTimesteps:
      "some timesteps only: it is what these start from or read (a state that is lost, another input), and not the "
        + "formula"
    case .someUnits: "some units only"
    case .throughout: "elements of every unit, at every step"
    case .scattered: "scattered"
    }
  }
}

extension RemainderShape.CellState {
  fileprivate func text(_ letter: (GateKind) -> String) -> String {
    let gates = "gate \(letter(.input)), \(letter(.forget)) or \(letter(.cell)), or what they read"
    let output = "the output gate or what follows it"
    if off.isEmpty { return "; c agrees, so it is \(output)" }
    if right.isEmpty { return "; c is off too, so it is \(gates), and not the output gate alone" }
    return
      "; c is off in units \(listed(off)): there it is \(gates); only h is in units \(listed(right)): there it is "
      + output
  }
}

extension RemainderShape.NearMiss {
  fileprivate var did: String { MistakeWords(mistakes.map(\.name)).did }

  /// "12 %"
  fileprivate var share: String { left < 0.01 ? "under 1 %" : "\(Int((100 * left).rounded())) %" }
}

extension RemainderShape.NextStep {
  fileprivate var text: String {
    switch self {
    case .recordCellState: "record c beside h: then the output gate is told from the others"
    case .recordLayerInput:
      "record what this layer was really fed (its own input): it may not be the output below"
    case .startFromState:
      "record from an initial state that is not zero: then the first step shows the recurrent product by itself"
    case .startFromZeros:
      "record from zeros as the initial state: then the first step shows the input product and the biases by themselves"
    case .recordAlone: "record one of these sequences alone: if it matches then, the batch is read wrongly"
    case .recordLonger: "record longer sequences"
    case .evaluationMode:
      "record in evaluation mode (model.eval(), training=False), if dropout may have been on"
    }
  }
}

extension ObservedActivation {
  /// "the state is a function of its pre-activation, so the activation is another one: …"
  fileprivate var text: String {
    func text(_ value: Double) -> String { "\((1000 * value).rounded() / 1000)" }
    func ends(_ range: ClosedRange<Double>) -> String {
      "\(text(range.lowerBound)) … \(text(range.upperBound))"
    }
    let limits = [
      lowerLimit.map { "below it stays at \(text($0))" }, upperLimit.map { "above it stays at \(text($0))" },
    ]
    let symmetry: String? =
      switch self.symmetry {
      case .odd: "odd, f(−x) = −f(x)"
      case .even: "even, f(−x) = f(x)"
      case .none: nil
      }
    let properties = [symmetry, isRising ? "rising" : nil] + limits
    return
      "the state is a function of its pre-activation, so the activation is another one than is known here: over "
      + "\(ends(arguments)) it takes \(ends(values))"
      + properties.compactMap { $0 }.map { "; \($0)" }.joined()
  }
}
