import Recurrent

/// Options with a value that no file declares: it is fitted to a few steps.
struct FittedOptions {
  let probe: FormulaProbe
  /// What they are added to: the declared cell, or what another hypothesis makes of it.
  let cell: Cell<Double>
  /// Whether there are many such cells: then only a value is followed that promises much.
  var isHasty = false

  var all: [Hypothesis] { clips + zoneouts + slopes }

  /// Those that are tried together with other hypotheses.
  var common: [Hypothesis] { [clip, zoneout].compactMap { $0 } }

  private func fit(_ values: Int) -> Hypothesis.Fit { Hypothesis.Fit(elements: values, steps: probe.steps) }

  private func fit(_ values: ClosedRange<Double>, isLogarithmic: Bool) -> ScalarFit {
    var fit = ScalarFit(probe: probe, values: values, isLogarithmic: isLogarithmic)
    if isHasty { (fit.points, fit.admitted) = (16, 0.5) }
    return fit
  }

  /// The hypothesis with the value that accounts for the steps of the probe; nil where none does.
  private func fitted(
    _ kind: Mistake.Kind, _ aspects: Aspects, _ fit: ScalarFit, named name: (Double) -> String = { "\($0)" },
    _ change: @escaping @Sendable (inout Cell<Double>, Double) -> Void
  ) -> Hypothesis? {
    fit.value(from: cell) { with($0, change) }.map { value in
      Hypothesis(
        Mistake(kind, name(value)), aspects, fit: self.fit(1), .cell { change(&$0, value) })
    }
  }

  private func with(_ value: Double, _ change: (inout Cell<Double>, Double) -> Void) -> Cell<Double> {
    var changed = cell
    change(&changed, value)
    return changed
  }

  // MARK: Clips

  private var limits: ScalarFit {
    fit(0.01...100, isLogarithmic: true)
  }

  private var clip: Hypothesis? { fitted(.clip, .clip, limits) { $0.clip = $1 } }

  private var clips: [Hypothesis] {
    let clip = clip
    guard clip == nil, cell.kind == .lstm else { return [clip].compactMap { $0 } }
    return [
      fitted(.cellClip, .clip, limits) { cell, limit in cell.changeLSTM { $0.departure.cellClip = limit } },
      fitted(.clipOfOutput, .clip, limits) { cell, limit in
        cell.clip = limit
        cell.changeLSTM { $0.departure.outputClip = limit }
      },
    ].compactMap { $0 }
  }

  // MARK: Zoneout

  private var shares: ScalarFit {
    fit(0...0.99, isLogarithmic: false)
  }

  private var zoneout: Hypothesis? { fitted(.zoneout, .zoneout, shares) { $0.zoneout = $1 } }

  private var zoneouts: [Hypothesis] {
    let ofH = zoneout
    guard ofH == nil, cell.kind == .lstm else { return [ofH].compactMap { $0 } }
    let ofBoth = fitted(.zoneout, .zoneout, shares, named: { "\($0) of h and c" }) { cell, share in
      cell.zoneout = share
      cell.changeLSTM { $0.departure.cellZoneout = share }
    }
    return [ofBoth ?? twoShares].compactMap { $0 }
  }

  /// What becomes of c in a step does not show in its h, so the one share is found without the other.
  private var twoShares: Hypothesis? {
    guard let share = shares.nearest(from: cell, { with($0) { $0.zoneout = $1 } }) else { return nil }
    let both = { @Sendable (cell: inout Cell<Double>, cellShare: Double) in
      cell.zoneout = share
      cell.changeLSTM { $0.departure.cellZoneout = cellShare }
    }
    return shares.value(from: cell) { with($0, both) }.map { cellShare in
      Hypothesis(
        Mistake(.zoneout, "\(share) of h and \(cellShare) of c"), .zoneout, fit: fit(2),
        .cell { both(&$0, cellShare) })
    }
  }

  // MARK: Activations

  /// The slope of a leaky rectifier.
  private var slopes: [Hypothesis] {
    switch cell.activation {
    case .relu, .leakyRelu: break
    default: return []
    }
    let fit = fit(0.001...1, isLogarithmic: true)
    let name = { (slope: Double) in Activation.leakyRelu(alpha: slope).description }
    return [
      fitted(.activation, .activation, fit, named: name) { $0.setActivation(.leakyRelu(alpha: $1)) }
    ].compactMap { $0 }
  }
}
