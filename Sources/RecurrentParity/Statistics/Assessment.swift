import Recurrent

/// A stepwise check in one arithmetic: what every timestep shows, and which timesteps it flags.
///
/// h and c are judged apart; of each timestep the larger is reported.
struct Assessment: Sendable {
  let result: StepwiseResult
  /// The format that the run is taken to have computed in.
  let format: FloatFormat
  /// In the order of `result.states`.
  private let tables: [RoundoffTable]
  /// Timesteps with an element beyond the bound, or less exact than honest arithmetic.
  let flagged: Set<Int>
  /// Elements that are beyond the bound, or that alone exceed the limit of an element.
  let unexplained: Int
  /// The limit of a single element's ε on these data; nil where the controls were not run.
  let elementLimit: Double?

  /// - Parameter controls: for each table those of every order of summation; none where they were not needed.
  init(
    _ result: StepwiseResult, format: FloatFormat, tables: [RoundoffTable], controls: [[RoundoffTable]]
  ) {
    self.result = result
    self.format = format
    self.tables = tables
    var flagged: Set<Int> = []
    var unexplained = 0
    var limits: [Double] = []
    for (((_, elements), table), controls) in zip(zip(result.states, tables), controls) {
      flagged.formUnion(table.flagged(against: controls))
      let control = ResidualFigures(controls.map(\.overall))
      let limit = RoundoffThreshold.element(control: control.maxEffectiveRoundoff)
      unexplained += table.exceeding(limit) + elements.mayOverflow.count { $0 }
      if !controls.isEmpty { limits.append(limit) }
    }
    self.flagged = flagged
    self.unexplained = unexplained
    elementLimit = limits.max()
  }

  /// Whether this formula in this arithmetic accounts for every element; what may overflow in it is not
  /// accounted for.
  var explainsAll: Bool { flagged.isEmpty && !mayOverflow }

  private var mayOverflow: Bool { result.states.contains { $0.elements.mayOverflow.contains(true) } }

  func isBeyondBound(_ t: Int) -> Bool { tables.contains { $0.timesteps[t]?.isBeyondBound ?? false } }

  /// Of timestep t, the larger of h and c; nil where nothing was judged.
  func figures(at t: Int) -> ResidualFigures? {
    let parts = tables.compactMap { $0.timesteps[t] }
    return parts.isEmpty ? nil : ResidualFigures(parts)
  }

  /// Over all timesteps.
  var figures: ResidualFigures { ResidualFigures(tables.map(\.overall)) }

  /// Of each timestep the element with the largest r/ρ; ties go to the lowest sequence, then to h, then to the
  /// lowest unit.
  func worstElements(at timesteps: Set<Int>) -> [Int: FlaggedElement] {
    var worst: [Int: (ratio: Double, element: FlaggedElement)] = [:]
    for (row, step) in result.steps.enumerated() where timesteps.contains(step.t) {
      for (kind, elements) in result.states {
        for unit in 0..<elements.width {
          let index = row * elements.width + unit
          guard !elements.mayOverflow[index] else { continue }
          let (r, bound) = (elements.residual[index], elements.bound[index])
          let ratio = r == 0 ? 0 : r / bound
          // NaN is worse than any number.
          if let known = worst[step.t]?.ratio {
            guard ratio.isNaN ? !known.isNaN : ratio > known else { continue }
          }
          worst[step.t] = (
            ratio,
            FlaggedElement(
              timestep: step.t, batch: step.b, unit: unit, state: kind, residual: r, bound: bound)
          )
        }
      }
    }
    return worst.mapValues(\.element)
  }

  /// Of each step the first element whose run may leave the range of its format on the way.
  var overflowing: [FlaggedElement] {
    result.steps.enumerated().flatMap { row, step in
      result.states.compactMap { kind, elements in
        (0..<elements.width).first { elements.mayOverflow[row * elements.width + $0] }.map {
          .unjudged(step, unit: $0, kind)
        }
      }
    }
  }
}

extension StepwiseProblem {
  /// Evaluates all steps and holds them against the bound and against the expected scale.
  ///
  /// The control is run only where the fixed limits alone flag a step: it can only raise them.
  func assessed(
    in arithmetic: ErrorModel, rounding: OperandRounding? = nil, prepared: PreparedWeights? = nil
  ) -> Assessment {
    let result = evaluated(in: arithmetic, rounding: rounding, prepared: prepared)
    let tables = result.states.map {
      RoundoffTable(result.steps, $0.elements, residual: $0.elements.residual)
    }
    let flagged = tables.reduce(into: Set<Int>()) { $0.formUnion($1.flagged(against: [])) }
    let proven = tables.reduce(into: Set<Int>()) { $0.formUnion($1.beyondBound) }
    // Autocast's roundings of results are reproduced: a control without them would be off by them.
    guard !flagged.isSubset(of: proven), rounding?.isAutocast != true else {
      return Assessment(
        result, format: arithmetic.format, tables: tables, controls: tables.map { _ in [] })
    }
    let controls = controlResiduals(arithmetic, rounding: rounding, against: result)
    return Assessment(
      result, format: arithmetic.format, tables: tables,
      controls: result.states.enumerated().map { index, state in
        controls.map { RoundoffTable(result.steps, state.elements, residual: $0[index]) }
      })
  }

  /// What honest arithmetic is off by on this data, by each order of summation: that order, or an activation
  /// library that is off in one direction everywhere, whichever is more.
  private func controlResiduals(
    _ arithmetic: ErrorModel, rounding: OperandRounding?, against result: StepwiseResult
  ) -> [[[Double]]] {
    let systematic = evaluated(in: arithmetic.systematicActivationOnly, rounding: rounding)
    return SummationOrder.allCases.concurrentMap { order in
      let summed = controlResiduals(order, in: arithmetic, rounding: rounding, against: result)
      return zip(summed, systematic.states).map { residuals, state in
        zip(residuals, state.elements.bound).map(max)
      }
    }
  }
}
