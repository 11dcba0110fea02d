/// Holds what two references hold at one boundary against each other.
struct BoundaryComparison {
  private(set) var outcome: BoundaryJudgement.Outcome = .agrees
  private(set) var evidence: BoundaryEvidence = .exact
  private(set) var figures: BoundaryFigures?
  private(set) var isExchanged = false

  /// What stands in for a spread where none is recorded.
  enum Unmeasured {
    /// What the model makes of its inputs, whatever its depth.
    case computed
    /// What it was given: one unit in the last place.
    case given
  }

  /// - Parameters:
  ///   - mayExchange: whether the first two axes may be exchanged, where nothing else fits: never of a layer's own
  ///     sequences, whose axes have a meaning.
  ///   - pinning: which of the two was pinned to the other.
  init(
    _ a: BoundaryValues, _ b: BoundaryValues, pinning: Pinning, mayExchange: Bool,
    unmeasured: Unmeasured = .computed
  ) {
    var b = b
    if a.shape != b.shape {
      guard mayExchange, a.shape.count >= 2, b.shape.count >= 2, b.exchangedShape == a.shape else {
        outcome = .differs(.shapes(a.shape, b.shape))
        return
      }
      isExchanged = true
      b = b.exchanged
    }
    guard a.counted == b.counted else {
      outcome = .differs(.validSteps)
      return
    }
    switch (a.values, b.values) {
    case (.integers(let x), .integers(let y)):
      compare(x, y, a, b) { $0 == $1 }
    case (.integers(let x), .floats(let y, _)):
      let pairs = Array(zip(x, y.whole.elements))
      compare(pairs, pairs, a, b) { pair, _ in Int64(exactly: pair.1) == pair.0 }
    case (.floats(let x, _), .integers(let y)):
      let pairs = Array(zip(x.whole.elements, y))
      compare(pairs, pairs, a, b) { pair, _ in Int64(exactly: pair.0) == pair.1 }
    case (.floats(let x, _), .floats(let y, _)):
      compare(x, y, a, b, pinning, unmeasured)
    }
  }

  // MARK: Integers

  private mutating func compare<Value>(
    _ x: [Value], _ y: [Value], _ a: BoundaryValues, _ b: BoundaryValues, _ areEqual: (Value, Value) -> Bool
  ) {
    let differing = x.indices.filter { !areEqual(x[$0], y[$0]) }
    guard let first = differing.first else { return }
    // An integer that rounding moves, as the index of the largest of two near ties, says nothing.
    let isMoved = a.spread?.moved == true || b.spread?.moved == true
    outcome =
      isMoved
      ? .undecided(.moved) : .differs(.integers(count: differing.count, first: a.shape.position(of: first)))
  }

  // MARK: Floats

  private mutating func compare(
    _ x: RecordedSequence, _ y: RecordedSequence, _ a: BoundaryValues, _ b: BoundaryValues,
    _ pinning: Pinning,
    _ unmeasured: Unmeasured
  ) {
    var sums = SliceSums(shape: a.shape, counted: a.counted)
    for part in a.shape.parts {
      sums.add(x.values(part, shape: a.shape), y.values(part, shape: a.shape), from: part.lowerBound)
    }
    if let first = sums.firstUndefined {
      outcome = .differs(.notANumber(count: sums.undefinedCount, first: a.shape.position(of: first)))
      return
    }
    let weights = pinning.weights(a.spread != nil, b.spread != nil)
    if let weights {
      evidence = pinning == .none ? .free : .pinned
      judge(sums, weights, a, b)
    } else {
      evidence = .none
      judge(sums, unmeasured, coarser(a.format, b.format))
    }
  }

  /// By the recorded spreads.
  private mutating func judge(
    _ sums: SliceSums, _ weights: (first: Double, second: Double), _ a: BoundaryValues, _ b: BoundaryValues
  ) {
    let worst = Self.worst(of: sums) { slice, sums in
      let first = a.movement(slice, rms: sums.rmsFirst)
      let second = b.movement(slice, rms: sums.rmsSecond)
      return (Self.weighted(weights.first, first) + Self.weighted(weights.second, second)).squareRoot()
    }
    figures = worst
    let relative = greater(
      weights.first > 0 ? a.relativeSpread(rms: sums.whole.rmsFirst) : 0,
      weights.second > 0 ? b.relativeSpread(rms: sums.whole.rmsSecond) : 0)
    guard relative <= BoundaryRule.largestSpread(in: coarser(a.format, b.format)) else {
      outcome = .undecided(.spread(relative: relative))
      return
    }
    if !(worst.ratio <= BoundaryRule.limit) { outcome = .differs(.values(ratio: worst.ratio, worst.slice)) }
  }

  private static func weighted(_ weight: Double, _ movement: Double) -> Double {
    weight == 0 ? 0 : weight * movement * movement
  }

  /// Without any: every slice against the rms of the whole boundary.
  private mutating func judge(_ sums: SliceSums, _ unmeasured: Unmeasured, _ format: FloatFormat) {
    let rms = max(sums.whole.rmsFirst, sums.whole.rmsSecond)
    let relative =
      switch unmeasured {
      case .given: 2.0.squareRoot() * format.relativeSpacing
      case .computed: BoundaryRule.roundingWithoutSpread(in: format) / BoundaryRule.limit
      }
    let assumed = max(relative * rms, format.smallestNormal)
    let worst = Self.worst(of: sums) { _, _ in assumed }
    figures = worst
    guard !(worst.ratio <= BoundaryRule.limit) else { return }
    let difference = worst.rmsDifference / rms
    if unmeasured == .computed, difference <= BoundaryRule.differenceWithoutSpread(in: format) {
      outcome = .undecided(.unmeasured(relative: difference))
    } else {
      outcome = .differs(.values(ratio: worst.ratio, worst.slice))
    }
  }

  /// The figures of the slice with the largest ratio.
  private static func worst(
    of sums: SliceSums, spread: (BoundarySlice, SliceSums.Sums) -> Double
  ) -> BoundaryFigures {
    let rms = max(sums.whole.rmsFirst, sums.whole.rmsSecond)
    var worst = BoundaryFigures(ratio: -1, slice: .whole, rmsDifference: 0, spread: 0, rms: rms)
    for (slice, sums) in sums.slices {
      let spread = spread(slice, sums)
      // Where the squares overflow, no ratio says anything.
      let ratio = sums.rmsDifference == 0 ? 0 : rms.isFinite ? sums.rmsDifference / spread : .nan
      if worst.ratio.isNaN { break }
      if ratio.isNaN || ratio > worst.ratio {
        worst = BoundaryFigures(
          ratio: ratio, slice: slice, rmsDifference: sums.rmsDifference, spread: spread, rms: rms)
      }
    }
    return worst
  }

  private func coarser(_ a: FloatFormat, _ b: FloatFormat) -> FloatFormat {
    a.unitRoundoff >= b.unitRoundoff ? a : b
  }
}

extension BoundaryValues {
  fileprivate var exchangedShape: [Int] {
    var exchanged = shape
    exchanged.swapAt(0, 1)
    return exchanged
  }

  /// What rounding moves a slice by: as recorded, and never less than one unit in the last place of its rms, or than
  /// what flushing to zero loses.
  fileprivate func movement(_ slice: BoundarySlice, rms: Double) -> Double {
    let recorded =
      switch slice {
      case .whole: spread?.whole
      case .at(let axis, let index): spread?.axes[axis][index]
      }
    return greater(recorded ?? 0, max(format.spacing(at: rms), format.smallestNormal))
  }

  fileprivate func relativeSpread(rms: Double) -> Double {
    guard let spread, spread.whole > format.smallestNormal || spread.whole.isNaN else { return 0 }
    return spread.whole.isNaN ? .infinity : spread.whole / rms
  }
}
