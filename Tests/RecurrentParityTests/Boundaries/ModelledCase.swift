import BundledCases
import Recurrent
import Testing

@testable import RecurrentParity

extension ParityCase {
  /// A bundled case whose references have models around their layers: each layer with its own input, and an output
  /// that is made of the last layer's. Rounding is taken to move everything by `spread`.
  static func modelled(_ name: String = "stackedrnn-tanh", spread: Double = 3e-7) throws -> ParityCase {
    try bundled(name).changing { parityCase in
      let input = parityCase.input
      for index in parityCase.references.indices {
        parityCase.references[index].addModel(input: input, spread: spread)
      }
    }
  }

  /// The output of keras, which is the first reference.
  var output: RecordedArray {
    get {
      references[0].model?.outputs.first ?? RecordedArray(name: "none", shape: [], values: .integers([]))
    }
    set { references[0].model?.outputs = [newValue] }
  }

  /// What every report has of the boundary.
  func judgement(at boundary: Boundary) throws -> BoundaryJudgement {
    try #require(judged(.verdictOnly).boundaries.first { $0.boundary == boundary })
  }
}

extension Reference {
  fileprivate mutating func addModel(input: RecordedSequence, spread: Double) {
    var fed = input
    var boundaries: [Boundary: BoundarySpread] = [:]
    for index in layers.indices {
      layers[index].input = fed
      boundaries[.layerInput(index)] = .uniform(spread, [fed.timesteps, fed.batch, fed.features])
      fed = layers[index].mergedStates ?? fed
    }
    // (T, B, 3): sums that cancel in part, as a dense layer's do.
    let output = RecordedArray(
      name: "logits", shape: [fed.timesteps, fed.batch, 3],
      values: .floats(
        (0..<fed.timesteps * fed.batch).flatMap { step in
          (0..<3).map { unit in
            let state = fed.elements[step * fed.features..<(step + 1) * fed.features]
            let sum = zip(state, 0...).reduce(0.5) { $0 + $1.0 * ($1.1 % 3 == unit ? -0.7 : 0.4) }
            return Double(Float(sum))
          }
        }, .float32))
    boundaries[.modelOutput("logits")] = .uniform(spread, output.shape)
    model = ModelRecord(
      inputs: [
        RecordedArray(
          name: "x", shape: [input.timesteps, input.batch, input.features],
          values: .floats(input.elements, .float32))
      ], outputs: [output], spread: ModelSpread(runs: 8, boundaries: boundaries))
  }
}

extension BoundarySpread {
  static func uniform(_ value: Double, _ shape: [Int]) -> BoundarySpread {
    BoundarySpread(whole: value, axes: shape.map { [Double](repeating: value, count: $0) })
  }
}

extension RecordedArray {
  var floats: [Double] {
    get { if case .floats(let values, _) = values { values.whole.elements } else { [] } }
    set { values = .floats(newValue, .float32) }
  }

  /// The same with its first two axes exchanged.
  var transposed: RecordedArray {
    let (rows, columns, width) = (shape[0], shape[1], shape[2])
    var other = self
    other.shape = [columns, rows, width]
    other.floats = (0..<columns).flatMap { column in
      (0..<rows).flatMap { row in (0..<width).map { floats[(row * columns + column) * width + $0] } }
    }
    return other
  }
}
