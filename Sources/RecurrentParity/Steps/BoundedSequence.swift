import Recurrent

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

  mutating func set(_ step: StepIndex, row: Int, of block: Bounded) {
    let source = row * block.columns..<(row + 1) * block.columns
    let range = midpoint.range(step.t, step.b)
    midpoint.elements.replaceSubrange(range, with: block.midpoint[source])
    radius.elements.replaceSubrange(range, with: block.radii[source])
    scale.elements.replaceSubrange(range, with: block.scales[source])
  }
}

extension MergeMode {
  /// The merged output of one or two propagated passes.
  func merged(_ parts: [BoundedSequence], in arithmetic: ErrorModel) -> BoundedSequence {
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
      // Halving is exact but where it underflows.
      let sum = certified.add(parts[0].block, parts[1].block)
      result.midpoint.elements = sum.midpoint.map { $0 / 2 }
      let lost = zip(sum.midpoint, sum.radii).map { arithmetic.lostByFlushing($0 / 2, radius: $1 / 2) }
      result.radius.elements = zip(sum.radii, lost).map { $0 / 2 + $1 }
      result.scale.elements = zip(sum.scales, lost).map { max($0 / 2, $1) }
    }
    return result
  }
}
