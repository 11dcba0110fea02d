import Recurrent

/// How the passes of a layer become what it returns, and what the next layer reads.
struct OutputLink: Sendable {
  var merge: MergeMode
  /// Whether the backward states are put back into the order of time before they are merged.
  var isReversedBack = true
  /// Whether the units of the two directions are laid out by turns: f0 b0 f1 b1 ….
  var isInterleaved = false

  init(_ merge: MergeMode) { self.merge = merge }

  /// - Parameter lengths: of the sequences; nil where they are not padded behind, and cannot be turned.
  func merged(_ parts: [BoundedSequence], lengths: [Int]?, in arithmetic: ErrorModel) -> BoundedSequence {
    var parts = parts
    if !isReversedBack, let lengths, parts.count == 2 {
      parts[1] = parts[1].mapped { $0.reversed(lengths: lengths) }
    }
    let merged = merge.merged(parts, in: arithmetic)
    return isInterleaved ? merged.mapped(\.withHalvesInterleaved) : merged
  }
}

extension BoundedSequence {
  fileprivate func mapped(_ change: (RecordedSequence) -> RecordedSequence) -> BoundedSequence {
    BoundedSequence(midpoint: change(midpoint), radius: change(radius), scale: change(scale))
  }
}

extension RecordedSequence {
  /// The two halves of the last axis by turns.
  fileprivate var withHalvesInterleaved: RecordedSequence {
    let width = features / 2
    return mapped { _, window in
      window.elements.indices.map { index in
        let unit = index % window.features
        return window.elements[index - unit + unit / 2 + unit % 2 * width]
      }
    }
  }
}
