import Recurrent

/// How the passes of a layer become what it returns, and what the next layer reads.
struct OutputLink: Sendable {
  var merge: MergeMode
  /// Whether the backward states are put back into the order of time before they are merged.
  var isReversedBack = true
  /// Whether the units of the two directions are laid out by turns: f0 b0 f1 b1 ….
  var isInterleaved = false

  init(_ merge: MergeMode) { self.merge = merge }

  /// The states of the two passes, read off a concatenated output that was put together so.
  func parts(of output: RecordedSequence, widths: [Int], lengths: [Int]?) -> [RecordedSequence]? {
    guard merge == .concat, widths.count == 2, widths.reduce(0, +) == output.features else { return nil }
    let output = isInterleaved ? output.withHalvesParted : output
    var parts = [output.columns(0..<widths[0]), output.columns(widths[0]..<output.features)]
    guard !isReversedBack else { return parts }
    guard let lengths else { return nil }
    parts[1] = parts[1].reversed(lengths: lengths)
    return parts
  }

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
