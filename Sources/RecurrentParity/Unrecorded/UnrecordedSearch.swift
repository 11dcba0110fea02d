import Recurrent

/// Looks for what happened in layers of which no state is recorded: runs each hypothesis from the initial state, within
/// the radius that no honest run of it leaves, up to what was returned.
///
/// What is named has to account for all that was returned, and for the very values that reject the declared formula.
struct UnrecordedSearch {
  let chain: UnrecordedLayers
  /// The hypotheses of a pass, given its declared problem.
  let catalogue: @Sendable (LayerPass, StepwiseProblem) -> [Hypothesis]

  /// Products that a search may cost: a second or two.
  private static let affordable = 4e9

  /// What accounts for the record, as pairs of where and what; nil where trying would take too long.
  func findings() -> [Finding]? {
    let affordable = Int(Self.affordable / max(1, costOfOne))
    let known = known
    let singles = links + changes(of: known.mistakes.map { [$0] }, known)
    guard singles.count <= affordable else { return nil }
    let declared = chain.held(nil)
    guard declared.isRejected else { return [] }
    let found = findings(singles, declared)
    guard found.isEmpty else { return found }
    let pairs = changes(of: known.mistakes.pairs, known, everywhere: true)
    return pairs.count <= affordable ? findings(pairs, declared) : []
  }

  private func findings(_ changes: [LayerChange], _ declared: HeldRecord) -> [Finding] {
    let found = changes.concurrentMap { change -> (LayerChange, Double)? in
      let held = chain.held(change)
      guard held.accounts(forWhatRejects: declared), isExact(change) else { return nil }
      return (change, held.maxBoundRatio)
    }.compactMap { $0 }
    // The fewest passes first: the rest says the same of these data.
    guard let simplest = found.first else { return [] }
    let names = Set(found.map { $0.0.mistakes.map(\.name).joined(separator: "+") })
    return simplest.0.places.map { place in
      let mistakes = simplest.0.mistakes
      let name = mistakes.map(\.name).joined(separator: "+")
      return Finding(
        .mistake(mistakes), explains: .all,
        at: FindingPlace(
          layer: place.layer, direction: chain.recorded[place.layer].passes[place.pass].direction),
        maxBoundRatio: simplest.1, equivalentTo: names.filter { $0 != name }.sorted())
    }
  }

  /// Of recorded states the mean roundoff is judged too.
  private func isExact(_ change: LayerChange) -> Bool {
    !chain.hasStates
      || chain.problems(change).allSatisfy { $0.assessed(in: chain.arithmetic).explainsAll }
  }

  private var costOfOne: Double {
    chain.passes.reduce(0) { cost, place in
      let problem = chain.declared(place)
      return cost + Double(problem.cell.parameterCount) * Double(problem.stepCount)
    }
  }

  // MARK: What is tried

  /// The hypotheses of every pass, and each mistake once, the simplest first.
  private struct Known {
    let places: [(place: LayerPass, hypotheses: [Hypothesis])]
    let mistakes: [Mistake]
  }

  private var known: Known {
    let places = chain.passes.map { place in
      (
        place,
        catalogue(place, chain.declared(place)).filter { $0.aspects.isDisjoint(with: [.record, .carrying]) }
      )
    }
    var mistakes: [Mistake] = []
    for mistake in places.flatMap({ $0.1.map(\.mistake) }) where !mistakes.contains(mistake) {
      mistakes.append(mistake)
    }
    return Known(places: places, mistakes: mistakes)
  }

  /// Mistakes together in every pass that they apply to, in each layer, in each pass alone.
  ///
  /// - Parameter everywhere: only in every pass.
  private func changes(of mistakes: [[Mistake]], _ known: Known, everywhere: Bool = false) -> [LayerChange] {
    mistakes.flatMap { mistakes -> [LayerChange] in
      let places = known.places.compactMap { place, hypotheses -> (LayerPass, Composition)? in
        let made = mistakes.compactMap { mistake in hypotheses.first { $0.mistake == mistake } }
        guard made.count == mistakes.count, let composition = Composition(made) else { return nil }
        return (place, composition)
      }
      var groups = [places]
      if !everywhere {
        groups += chain.layers.map { layer in places.filter { $0.0.layer == layer } } + places.map { [$0] }
      }
      var seen: Set<[LayerPass]> = []
      return groups.compactMap { group in
        let passes = group.map(\.0)
        guard !passes.isEmpty, seen.insert(passes).inserted else { return nil }
        return LayerChange(
          hypotheses: Dictionary(uniqueKeysWithValues: group), mistakes: mistakes, places: passes)
      }
    }
  }

  /// Other ways to put two directions together, in one layer or in all, and other rows taken for their last states.
  private var links: [LayerChange] {
    let kinds: [(Mistake, (RecordedLayer) -> OutputLink?)] =
      [MergeMode.sum, .ave, .mul].map { merge in
        (
          Mistake(.mergeMode, merge.rawValue),
          { $0.merge == .concat || $0.merge == merge ? nil : OutputLink(merge) }
        )
      } + [
        (Mistake(.unitsInterleaved), \.interleavedLink), (Mistake(.backwardNotReversed), \.unreversedLink),
      ]
    return kinds.flatMap { mistake, changed -> [LayerChange] in
      let links = chain.layers.compactMap { layer in
        let recorded = chain.recorded[layer]
        let isHanded = layer < chain.layers.upperBound || recorded.output != nil || chain.hasStates
        return recorded.passes.count == 2 && isHanded ? changed(recorded).map { (layer, $0) } : nil
      }
      let groups = [links] + (links.count > 1 ? links.map { [$0] } : [])
      return groups.filter { !$0.isEmpty }.map { group in
        LayerChange(
          links: Dictionary(uniqueKeysWithValues: group), mistakes: [mistake],
          places: group.flatMap { places(of: mistake, in: $0.0) })
      }
    } + finalRows
  }

  private func places(of mistake: Mistake, in layer: Int) -> [LayerPass] {
    chain.recorded[layer].passes.indices.filter {
      mistake.kind != .backwardNotReversed || chain.recorded[layer].passes[$0].direction == .backward
    }.map { LayerPass(layer: layer, pass: $0) }
  }

  private var finalRows: [LayerChange] {
    let layer = chain.layers.upperBound
    let passes = chain.recorded[layer].passes
    guard !chain.hasStates, passes.count == 2, passes.contains(where: { $0.finalState.h != nil }),
      let backward = passes.firstIndex(where: { $0.direction == .backward })
    else { return [] }
    return [
      LayerChange(
        finalRows: .lastInTime, mistakes: [Mistake(.finalStateOf, "the state after its first step")],
        places: [LayerPass(layer: layer, pass: backward)])
    ]
  }
}

extension RecordedLayer {
  fileprivate var interleavedLink: OutputLink? {
    guard merge == .concat, passes[0].cell.stateSize == passes[1].cell.stateSize else { return nil }
    var link = OutputLink(.concat)
    link.isInterleaved = true
    return link
  }

  fileprivate var unreversedLink: OutputLink? {
    var link = OutputLink(merge)
    link.isReversedBack = false
    return link
  }
}

extension [Mistake] {
  /// Every two of them, gate orders only of whole blocks.
  fileprivate var pairs: [[Mistake]] {
    let simple = filter { $0.kind != .gateOrder || !($0.parameter?.contains("@") ?? false) }
    return simple.indices.flatMap { i in simple[(i + 1)...].map { [simple[i], $0] } }
  }
}
