import Recurrent

/// Options with a value that no file declares: it is fitted to a few steps.
extension HypothesisCatalogue {
  /// - Parameter probe: of the problem.
  func fittedOptions(_ probe: FormulaProbe) -> [Hypothesis] {
    clips(probe) + zoneouts(probe) + slopes(probe)
  }

  private func fit(_ values: Int, _ probe: FormulaProbe) -> Hypothesis.Fit {
    Hypothesis.Fit(elements: values, steps: probe.steps)
  }

  /// The hypothesis with the value that accounts for the steps of the probe; nil where none does.
  private func fitted(
    _ kind: Mistake.Kind, _ aspects: Aspects, _ fit: ScalarFit, named name: (Double) -> String = { "\($0)" },
    _ change: @escaping @Sendable (inout Cell<Double>, Double) -> Void
  ) -> Hypothesis? {
    fit.value { value in
      var changed = cell
      change(&changed, value)
      return changed
    }.map { value in
      Hypothesis(
        Mistake(kind, name(value)), aspects, fit: self.fit(1, fit.probe), .cell { change(&$0, value) })
    }
  }

  // MARK: Clips

  private func clips(_ probe: FormulaProbe) -> [Hypothesis] {
    let fit = ScalarFit(probe: probe, values: 0.01...100, isLogarithmic: true)
    let plain = fitted(.clip, .clip, fit) { $0.clip = $1 }
    guard plain == nil, cell.kind == .lstm else { return [plain].compactMap { $0 } }
    return [
      fitted(.cellClip, .clip, fit) { cell, limit in cell.changeLSTM { $0.departure.cellClip = limit } },
      fitted(.clipOfOutput, .clip, fit) { cell, limit in
        cell.clip = limit
        cell.changeLSTM { $0.departure.outputClip = limit }
      },
    ].compactMap { $0 }
  }

  // MARK: Zoneout

  private func zoneouts(_ probe: FormulaProbe) -> [Hypothesis] {
    let fit = ScalarFit(probe: probe, values: 0...0.99, isLogarithmic: false)
    let ofH = fitted(.zoneout, .zoneout, fit) { $0.zoneout = $1 }
    guard ofH == nil, cell.kind == .lstm else { return [ofH].compactMap { $0 } }
    let ofBoth = fitted(.zoneout, .zoneout, fit, named: { "\($0) of h and c" }) { cell, share in
      cell.zoneout = share
      cell.changeLSTM { $0.departure.cellZoneout = share }
    }
    guard ofBoth == nil else { return [ofBoth].compactMap { $0 } }
    // What becomes of c in a step does not show in its h, so the one is found without the other.
    let share = fit.nearest { share in
      var changed = cell
      changed.zoneout = share
      return changed
    }
    guard let share else { return [] }
    let cellShare = fit.value { cellShare in
      var changed = cell
      changed.zoneout = share
      changed.changeLSTM { $0.departure.cellZoneout = cellShare }
      return changed
    }
    return cellShare.map { cellShare in
      [
        Hypothesis(
          Mistake(.zoneout, "\(share) of h and \(cellShare) of c"), .zoneout, fit: self.fit(2, probe),
          .cell { cell in
            cell.zoneout = share
            cell.changeLSTM { $0.departure.cellZoneout = cellShare }
          })
      ]
    } ?? []
  }

  // MARK: Activations

  /// The slope of a leaky rectifier.
  private func slopes(_ probe: FormulaProbe) -> [Hypothesis] {
    guard cell.activation.name == .relu || cell.activation.name == .leakyRelu else { return [] }
    let fit = ScalarFit(probe: probe, values: 0.001...1, isLogarithmic: true)
    let name = { (slope: Double) in Activation.leakyRelu(alpha: slope).description }
    return [
      fitted(.activation, .activation, fit, named: name) { $0.setActivation(.leakyRelu(alpha: $1)) }
    ].compactMap { $0 }
  }
}
