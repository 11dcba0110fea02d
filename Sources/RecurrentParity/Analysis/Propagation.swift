import Recurrent

/// The states of a run from its initial state alone: each element with the radius that no honest run leaves.
///
/// The radius grows by |f′|·|U| a step even where the network contracts, so it ends by saying nothing.
struct PropagatedStates {
  let direction: Direction
  var h: BoundedSequence
  var c: BoundedSequence?
  /// The first timestep in processing order at which the bound says nothing any more (t*); nil where it
  /// always does.
  let exhausted: Int?

  /// Whether the bound still says something at t.
  func isTelling(_ t: Int) -> Bool {
    guard let exhausted else { return true }
    return direction == .forward ? t < exhausted : t > exhausted
  }
}

/// A sequence `(T, B, D)` of midpoints, certified radii and expected scales.
struct BoundedSequence {
  var midpoint: BatchedSequence<Double>
  var radius: BatchedSequence<Double>
  var scale: BatchedSequence<Double>

  init(zeros timesteps: Int, _ batch: Int, _ features: Int) {
    midpoint = BatchedSequence(zeros: timesteps, batch, features)
    radius = midpoint
    scale = midpoint
  }

  /// The elements as one block of a single row.
  fileprivate var block: Bounded {
    Bounded(
      rows: 1, columns: midpoint.elements.count, midpoint: midpoint.elements, radius: .each(radius.elements),
      scale: .each(scale.elements))
  }

  fileprivate mutating func replace(_ block: Bounded) {
    midpoint.elements = block.midpoint
    radius.elements = block.radii
    scale.elements = block.scales
  }

  fileprivate mutating func set(_ step: StepIndex, row: Int, of block: Bounded) {
    let source = row * block.columns..<(row + 1) * block.columns
    let range = midpoint.range(step.t, step.b)
    midpoint.elements.replaceSubrange(range, with: block.midpoint[source])
    radius.elements.replaceSubrange(range, with: block.radii[source])
    scale.elements.replaceSubrange(range, with: block.scales[source])
  }
}

extension StepwiseProblem {
  /// Runs the formula from the initial state, with nothing recorded on the way.
  func propagated(in arithmetic: WorkingArithmetic) -> PropagatedStates {
    var problem = self
    problem.previous = RecordedStates()
    let blocks = problem.evaluated(
      steps, in: CertifiedArithmetic(arithmetic: arithmetic),
      radius: RecordedRadius(
        input: .relative(arithmetic.operandRoundoff), state: .relative(arithmetic.recordedRoundoff)))
    let (timesteps, batch) = (input.values.timesteps, lengths.count)
    var h = BoundedSequence(zeros: timesteps, batch, cell.stateSize)
    var c = cell.kind == .lstm ? BoundedSequence(zeros: timesteps, batch, cell.hiddenSize) : nil
    for block in blocks {
      for (row, step) in block.steps.enumerated() where step.t < lengths[step.b] {
        h.set(step, row: row, of: block.h)
        if let value = block.c { c?.set(step, row: row, of: value) }
      }
    }
    return PropagatedStates(direction: direction, h: h, c: c, exhausted: exhausted(h))
  }

  /// The first timestep at which half of the units have a radius of a tenth of their value.
  private func exhausted(_ h: BoundedSequence) -> Int? {
    direction.times(input.values.timesteps).first { t in
      let elements = lengths.indices.filter { t < lengths[$0] }.flatMap { Array(h.midpoint.range(t, $0)) }
      let vague = elements.count {
        !(h.radius.elements[$0] < 0.1 * max(h.midpoint.elements[$0].magnitude, 0.1))
      }
      return 2 * vague >= elements.count && !elements.isEmpty
    }
  }
}

extension MergeMode {
  /// The merged output of one or two propagated passes.
  func merged(_ parts: [BoundedSequence], in arithmetic: WorkingArithmetic) -> BoundedSequence {
    guard parts.count == 2 else { return parts[0] }
    let certified = CertifiedArithmetic(arithmetic: arithmetic)
    var result = parts[0]
    switch self {
    case .concat:
      result.midpoint = merged(parts.map(\.midpoint))
      result.radius = merged(parts.map(\.radius))
      result.scale = merged(parts.map(\.scale))
    case .sum: result.replace(certified.add(parts[0].block, parts[1].block))
    case .mul: result.replace(certified.product(parts[0].block, parts[1].block))
    case .ave:
      // Halving is exact.
      let sum = certified.add(parts[0].block, parts[1].block)
      result.midpoint.elements = sum.midpoint.map { $0 / 2 }
      result.radius.elements = sum.radii.map { $0 / 2 }
      result.scale.elements = sum.scales.map { $0 / 2 }
    }
    return result
  }
}
