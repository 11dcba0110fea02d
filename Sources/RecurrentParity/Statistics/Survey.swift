import Recurrent

/// What the results of a whole pass come to, seen once.
struct Survey: Sendable {
  /// In the order h, c; only what is recorded.
  private(set) var tallies: [RoundoffTally]
  private(set) var exceedances: [Exceedance]
  private(set) var beyond = BeyondBound()
  private(set) var elementCount = 0
  private(set) var judgedTimesteps: [Int] = []
  private(set) var overflowing: [FlaggedElement] = []
  private(set) var overflowCount = 0
  private(set) var unjudgeable: [StepIndex] = []
  /// Steps whose returned h is neither the recorded one nor one step of the formula from the recorded past.
  private(set) var unreached: [StepIndex] = []
  private(set) var notFinite: [Int: FlaggedElement] = [:]
  /// For each quantity, of the timesteps whose roundings would be too many if each were another, how many are.
  private(set) var distinct: [[Int: Int]]

  init(_ results: inout PassResults) {
    let problem = results.problem
    let kinds = StateKind.allCases.filter { problem.target[$0] != nil }
    tallies = kinds.map {
      RoundoffTally(timesteps: problem.input.values.timesteps, width: problem.target[$0]?.features ?? 0)
    }
    exceedances = kinds.map { _ in Exceedance() }
    distinct = kinds.map { _ in [:] }
    results.forEach { add($0, kinds) }
    unjudgeable.sort { ($0.t, $0.b) < ($1.t, $1.b) }
    unreached.sort { ($0.t, $0.b) < ($1.t, $1.b) }
    judgedTimesteps.sort()
  }

  private mutating func add(_ results: PassResults.Window, _ kinds: [StateKind]) {
    for (result, summary) in results.blocks {
      for index in tallies.indices {
        tallies[index].add(summary.tallies[index])
        exceedances[index].add(summary.tallies[index].exceedance)
        elementCount += result.states[index].elements.residual.count
      }
      beyond.add(summary.beyond)
      overflowing += summary.overflowing
      overflowCount += summary.overflowCount
      unreached += summary.unreached
    }
    unjudgeable += results.unjudgeable
    unreached += results.unjudgeable.filter { results.window.otherReturned($0) != nil }
    for step in results.judged where judgedTimesteps.last != step.t { judgedTimesteps.append(step.t) }
    addNotFinite(results, kinds)
    for index in tallies.indices { countDistinct(results, index) }
  }

  private mutating func addNotFinite(_ results: PassResults.Window, _ kinds: [StateKind]) {
    var steps = results.window.steps
    if results.window.isJudgedWhole {
      // What else was evaluated is finite.
      let blocks = results.blocks.filter { !$0.summary.areFinite }.flatMap(\.result.steps)
      steps = (results.unjudgeable + blocks).sorted { ($0.t, $0.b) < ($1.t, $1.b) }
    }
    for step in steps where notFinite[step.t] == nil {
      for kind in kinds where notFinite[step.t] == nil {
        guard let values = results.window.recorded(kind, step), !values.areFinite,
          let unit = values.firstIndex(where: { !$0.isFinite })
        else { continue }
        notFinite[step.t] = .unjudged(step, unit: unit - values.startIndex, kind)
      }
    }
  }

  private mutating func countDistinct(_ results: PassResults.Window, _ index: Int) {
    let first = results.window.times.lowerBound
    var roundings = results.window.times.map { t in
      tallies[index].timesteps[t].flatMap { RoundoffThreshold.isExceeded($0) ? DistinctRoundings() : nil }
    }
    guard roundings.contains(where: { $0 != nil }) else { return }
    for (result, _) in results.blocks {
      let elements = result.states[index].elements
      for (row, step) in result.steps.enumerated() where roundings[step.t - first]?.areMany == false {
        for unit in 0..<elements.width {
          roundings[step.t - first]?.add(elements.effective(row * elements.width + unit))
        }
      }
    }
    for (offset, roundings) in roundings.enumerated() {
      if let roundings { distinct[index][first + offset] = roundings.count }
    }
  }
}
