import Recurrent

/// A sequence `(T, B, D)` of midpoints, certified radii and expected scales.
struct BoundedSequence: Sendable {
  var midpoint: RecordedSequence
  var radius: RecordedSequence
  var scale: RecordedSequence

  func window(_ times: Range<Int>) -> BoundedWindow {
    BoundedWindow(
      first: times.lowerBound, midpoint: midpoint.window(times), radius: radius.window(times),
      scale: scale.window(times))
  }
}

extension LayerInput {
  /// What is known of an input by what was propagated below.
  init(_ propagated: BoundedSequence) {
    self.init(values: propagated.midpoint, spread: (propagated.radius, propagated.scale))
  }
}

/// The same in some timesteps, in memory.
struct BoundedWindow {
  let first: Int
  var midpoint: BatchedSequence<Double>
  var radius: BatchedSequence<Double>
  var scale: BatchedSequence<Double>

  init(zerosAt times: Range<Int>, _ batch: Int, _ features: Int) {
    first = times.lowerBound
    midpoint = BatchedSequence(zeros: times.count, batch, features)
    radius = midpoint
    scale = midpoint
  }

  fileprivate init(
    first: Int, midpoint: BatchedSequence<Double>, radius: BatchedSequence<Double>,
    scale: BatchedSequence<Double>
  ) {
    (self.first, self.midpoint, self.radius, self.scale) = (first, midpoint, radius, scale)
  }

  /// Where the values of a step lie in each of the three.
  func range(_ step: StepIndex) -> Range<Int> { midpoint.range(step.t - first, step.b) }

  mutating func set(_ step: StepIndex, row: Int, of block: Bounded, radii: [Double], scales: [Double]) {
    let source = row * block.columns..<(row + 1) * block.columns
    let range = range(step)
    midpoint.elements.replaceSubrange(range, with: block.midpoint[source])
    radius.elements.replaceSubrange(range, with: radii[source])
    scale.elements.replaceSubrange(range, with: scales[source])
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
}

/// A bounded sequence on its way from what computes it to what reads it.
struct BoundedSpool {
  private let midpoint: SequenceSpool
  private let radius: SequenceSpool
  private let scale: SequenceSpool

  init(timesteps: Int, batch: Int, features: Int) {
    midpoint = SequenceSpool(timesteps: timesteps, batch: batch, features: features)
    radius = SequenceSpool(timesteps: timesteps, batch: batch, features: features)
    scale = SequenceSpool(timesteps: timesteps, batch: batch, features: features)
  }

  func write(_ window: BoundedWindow) {
    midpoint.write(window.midpoint, at: window.first)
    radius.write(window.radius, at: window.first)
    scale.write(window.scale, at: window.first)
  }

  var sequence: BoundedSequence {
    BoundedSequence(midpoint: midpoint.sequence, radius: radius.sequence, scale: scale.sequence)
  }
}

extension MergeMode {
  /// The merged output of one or two propagated passes.
  func merged(_ parts: [BoundedSequence], in arithmetic: ErrorModel) -> BoundedSequence {
    guard parts.count == 2 else { return parts[0] }
    let (first, second) = (parts[0].midpoint, parts[1].midpoint)
    let features = self == .concat ? first.features + second.features : first.features
    let spool = BoundedSpool(timesteps: first.timesteps, batch: first.batch, features: features)
    for times in first.windows(ofBytes: 64 * first.batch * features) {
      spool.write(merged(parts.map { $0.window(times) }, in: arithmetic))
    }
    return spool.sequence
  }

  private func merged(_ parts: [BoundedWindow], in arithmetic: ErrorModel) -> BoundedWindow {
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
