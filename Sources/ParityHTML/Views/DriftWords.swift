import ParityReport

/// Whose the free-running difference is: the distances of both runs to the same formula in Float64 tell.
enum DriftWords {
  /// Nil where nothing was run freely.
  static func whose(_ layers: [LayerReport]) -> String? {
    guard
      let worst = layers.filter({ $0.freeRunning.maxAbs.value.isFinite }).max(by: {
        $0.freeRunning.maxAbs.value < $1.freeRunning.maxAbs.value
      })
    else { return nil }
    let figures = worst.freeRunning
    if figures.maxAbs.value == 0 { return "drift: none, bit by bit" }
    let (reference, swift) = (figures.referenceToExact.value, figures.swiftToExact.value)
    var words = "drift: up to \(text(figures.maxAbs)) in layer \(worst.layer), \(worst.direction)"
    guard reference.isFinite, swift.isFinite else { return words }
    words += "; off the exact run: reference \(text(figures.referenceToExact)), Swift "
    words += text(figures.swiftToExact)
    // Of two independent roundings, one twice the other is most of the difference.
    if reference > 2 * swift {
      words += ", so it is the reference's"
    } else if swift > 2 * reference {
      words += ", so it is Swift's"
    }
    if let growth = figures.growthPerStep, growth.value > 1 {
      words += "; the network is chaotic: a disturbance grows \(text(growth, .compact)) times a step"
    }
    return words
  }
}
