import Recurrent

/// Other inputs of the layer.
extension HypothesisCatalogue {
  var layerInputs: [Hypothesis] {
    var all = [
      feeding(Mistake(.inputTimeShifted)) { $0.shifted(by: 1) },
      feeding(Mistake(.inputTimeShifted, "-1")) { $0.shifted(by: -1) },
    ]
    guard let width = context.forwardWidth, width < cell.inputSize else { return all }
    if 2 * width == cell.inputSize {
      all.append(
        feeding(Mistake(.inputHalvesSwapped)) { $0.rearranged { Array($0[width...] + $0[..<width]) } })
    }
    all.append(
      feeding(Mistake(.layerInputHalf, "forward")) {
        $0.rearranged { $0[..<width] + $0[width...].map { _ in 0 } }
      })
    all.append(
      feeding(Mistake(.layerInputHalf, "backward")) {
        $0.rearranged { $0[..<width].map { _ in 0 } + $0[width...] }
      })
    return all
  }

  /// The hypothesis that the input was changed so.
  func feeding(
    _ mistake: Mistake, _ change: @escaping @Sendable (LayerInput) -> LayerInput
  ) -> Hypothesis {
    Hypothesis(mistake, .input, .problem { $0.input = change($0.input) })
  }
}

extension LayerInput {
  /// What was fed, `steps` later: zeros where nothing came before or after.
  fileprivate func shifted(by steps: Int) -> LayerInput {
    LayerInput(values: values.shifted(by: steps), spread: spread)
  }

  /// Every row as another of the same width.
  func rearranged(_ row: @escaping @Sendable (ArraySlice<Double>) -> [Double]) -> LayerInput {
    let rearranged = values.mapped { _, window in
      stride(from: 0, to: window.elements.count, by: window.features).flatMap {
        row(ArraySlice(Array(window.elements[$0..<$0 + window.features])))
      }
    }
    return LayerInput(values: rearranged, spread: spread)
  }
}
