import Foundation
import Recurrent
import RecurrentConventions
import RecurrentParity
import Testing

@testable import NativeWeights

/// Files that real frameworks wrote, and what the frameworks computed with them.
@Suite struct RecordedWeightTests {
  @Test(
    "A framework's file predicts what the framework predicted, no further off than rounding moves it",
    arguments: RecordedWeights.all.filter(\.isRead))
  func predicts(_ recorded: RecordedWeights) throws {
    let file = try WeightFile(contentsOf: recorded.path)
    let count = file.layers.reduce(0) { $0 + $1.parameterCount } + file.others.reduce(0) { $0 + $1.count }
    #expect(count == recorded.parameters)
    let network = try file.network(recorded.options(for: file), as: Double.self)
    let u = file.coarsestFormat.unitRoundoff
    // What is computed in Float64 is rounded in Float32 by Swift's own network.
    let arithmetic = BallArithmetic(u: max(u, file.coarsestFormat == .float64 ? 0 : 0x1p-24))
    let input = try #require(recorded.layers.first?.input)
    let run: [[[Double]]] =
      file.coarsestFormat == .float64
      ? network.outputs(input.sequence()) : network.converted(to: Float.self).outputs(input.sequence())
    var sequence = input.balls
    for (index, (layer, answer)) in zip(network.layers, recorded.layers).enumerated() {
      let passes = layer.passes.map { $0.balls(sequence, arithmetic) }
      for (pass, balls) in zip(layer.passes, passes) {
        let h = try #require(answer.h(pass.direction))
        let flat = Array(balls.joined().joined())
        #expect(flat.count == h.values.count)
        for (ball, value) in zip(flat, h.values) {
          #expect((ball.value - value).magnitude <= ball.radius, "layer \(index): \(ball) and \(value)")
        }
        // A bound that everything is within says nothing.
        let widest = flat.map(\.radius).max() ?? 1
        #expect(widest < 4e4 * u, "\(widest)")
      }
      sequence = layer.merged(passes, arithmetic)
    }
    let last = Array(sequence.joined().joined())
    #expect(zip(last, run.joined().joined()).allSatisfy { ($0.value - $1).magnitude <= $0.radius })
  }

  @Test(
    "A whole model of Keras needs nothing to be given",
    arguments: RecordedWeights.all.filter { $0.format == "keras-legacy-model" })
  func wholeModel(_ recorded: RecordedWeights) throws {
    let network = try Network<Float>(contentsOf: recorded.path)
    #expect(network.layers.count == recorded.layers.count)
  }

  @Test("A trained Keras model predicts in the lines of the README, its dense head included")
  func readme() throws {
    let recorded = try #require(RecordedWeights.all.first { $0.file == "keras-lstm.h5" })
    let input: BatchedSequence<Float> = try #require(recorded.layers.first?.input).sequence()

    let file = try WeightFile(contentsOf: recorded.path)
    let encoder: Network<Float> = try file.network()
    let h = encoder.run(input).layers[0].passes[0].finalState.h
    let kernel: Matrix<Float> = try file.matrix("head/kernel")
    let scores = h * kernel + (try file.vector("head/bias", as: Float.self))

    let answer = try #require(recorded.outputs.values.first)
    #expect(scores.elements.count == answer.values.count)
    // By the bound of the last state, and of one more product, both of Swift's and of the framework's.
    let arithmetic = BallArithmetic(u: 0x1p-24)
    let exact = try file.network(as: Double.self).layers[0].passes[0]
    let states = exact.balls(try #require(recorded.layers[0].input).balls, arithmetic)
    let (bias, columns) = (
      try file.vector("head/bias", as: Double.self),
      try file.matrix("head/kernel", as: Double.self).transposed()
    )
    for b in 0..<scores.rows {
      for k in 0..<scores.columns {
        let ball = arithmetic.dot(columns.row(k), states[states.count - 1][b], [bias[k]])
        for value in [Double(scores[b, k]), answer.values[b * scores.columns + k]] {
          #expect((ball.value - value).magnitude <= ball.radius && ball.radius < 1e-4)
        }
      }
    }
  }

  @Test("The same weights in two layouts are the same network")
  func layouts() throws {
    for (a, b) in [
      ("keras-stacked.h5", "keras-stacked-vars.weights.h5"),
      ("keras-stacked.h5", "keras-stacked-only-weights.h5"),
      ("keras-bidirectional.h5", "keras2-bidirectional.h5"),
      ("keras-nested.h5", "keras-nested-vars.weights.h5"),
      ("keras-gru-reset-before.h5", "keras-gru-reset-before-vars.weights.h5"),
      ("pytorch-tagger.safetensors", "pytorch-state-dict-converted.h5"),
      ("pytorch-tagger.safetensors", "onnx-tagger-converted.h5"),
    ] {
      let first = try WeightFile(contentsOf: RecordedWeights.folder + a)
      let second = try WeightFile(contentsOf: RecordedWeights.folder + b)
      #expect(try first.compared(with: second).agreement == .exact, "\(a) \(b)")
    }
    let first = try WeightFile(contentsOf: RecordedWeights.folder + "keras-lstm.h5")
    let second = try WeightFile(contentsOf: RecordedWeights.folder + "keras-cells.h5")
    #expect(try first.compared(with: second).agreement == .different)
  }

  @Test(
    "What belongs to a Python library is recognised, and its converter is told",
    arguments: RecordedWeights.all.filter { !$0.isRead })
  func converted(_ recorded: RecordedWeights) throws {
    let error = #expect(throws: WeightFileError.self) { try WeightFile(contentsOf: recorded.path) }
    #expect(error?.found.hasSuffix("python -m rnn_parity convert \(recorded.path) weights.h5") == true)
  }
}

extension WeightFile {
  fileprivate var coarsestFormat: FloatFormat {
    layers.flatMap(\.passes).flatMap(\.tensors.values).compactMap(\.format).max {
      $0.unitRoundoff < $1.unitRoundoff
    }
      ?? .float64
  }
}

extension Network {
  /// The last layer's output, `[t][b][unit]`.
  fileprivate func outputs(_ input: BatchedSequence<S>) -> [[[Double]]] {
    let output = run(input).layers[layers.count - 1].output
    return (0..<output.timesteps).map { t in
      (0..<output.batch).map { b in S.widened(Array(output.elements[output.range(t, b)])) }
    }
  }
}

extension Layer<Double> {
  fileprivate func merged(_ passes: [[[[Ball]]]], _ arithmetic: BallArithmetic) -> [[[Ball]]] {
    guard passes.count == 2 else { return passes[0] }
    return zip(passes[0], passes[1]).map { forward, backward in
      zip(forward, backward).map { forward, backward in
        merge == .concat ? forward + backward : zip(forward, backward).map(arithmetic.sum)
      }
    }
  }
}

/// One file, and what is known of it.
struct RecordedWeights: Decodable, Sendable, CustomTestStringConvertible {
  struct Values: Decodable, Sendable {
    let shape: [Int]
    let values: [Double]

    var balls: [[[Ball]]] {
      (0..<shape[0]).map { t in
        (0..<shape[1]).map { b in
          let start = (t * shape[1] + b) * shape[2]
          return values[start..<start + shape[2]].map(Ball.exact)
        }
      }
    }

    func sequence<S: Scalar>() -> BatchedSequence<S> {
      BatchedSequence(timesteps: shape[0], batch: shape[1], features: shape[2], elements: S.rounded(values))
    }
  }

  struct Pass: Decodable, Sendable { let h: Values? }

  struct Layer: Decodable, Sendable {
    let name: String
    let cell: String
    let direction: String
    let hidden_size: Int
    let activation: String
    let recurrent_activation: String?
    let reset_after: Bool?
    let merge_mode: String?
    let input: Values?
    let forward: Pass?
    let backward: Pass?

    func h(_ direction: Direction) -> Values? { (direction == .forward ? forward : backward)?.h }
  }

  let file: String
  let format: String
  let parameters: Int
  let layers: [Layer]
  let outputs: [String: Values]

  var testDescription: String { file }
  var path: String { Self.folder + file }
  /// Whether Swift reads it, and no Python library has to.
  var isRead: Bool {
    ["keras-legacy-model", "keras-legacy-weights", "keras-weights", "safetensors", "named-tensors"].contains(
      format)
  }

  static let folder =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/weights").path + "/"

  static let all: [RecordedWeights] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".json") }.sorted().compactMap { name in
      guard let data = try? Data(contentsOf: URL(fileURLWithPath: folder + name)) else { return nil }
      return try? JSONDecoder().decode(RecordedWeights.self, from: data)
    }
  }()

  /// What the framework says of the layers, all of it, in the order of the data flow.
  func options(for file: WeightFile) throws -> [LayerOptions] {
    var rest = file.layers
    return try layers.map { layer in
      // Recorders and files name layers each in their own way: of those that are left, the first of its size.
      let plain = { (name: String) in name.replacing("/", with: ".") }
      let index = try #require(
        rest.firstIndex { plain($0.name) == layer.name }
          ?? rest.firstIndex {
            $0.passes[0].said.kind?.rawValue == layer.cell && $0.passes[0].hiddenSize == layer.hidden_size
          })
      let found = rest.remove(at: index)
      var options = LayerOptions(
        name: found.name, kind: CellKind(rawValue: layer.cell),
        activation: try ActivationName(rawValue: layer.activation).map { try Activation($0) },
        recurrentActivation: try layer.recurrent_activation.flatMap(ActivationName.init(rawValue:)).map {
          try Activation($0)
        }, resetAfter: layer.reset_after, direction: Direction(rawValue: layer.direction),
        merge: layer.merge_mode.flatMap(MergeMode.init(rawValue:)))
      if layer.direction == "bidirectional", found.passes.count == 1 {
        options.backward = rest.removeFirst().name
        options.merge = options.merge ?? .concat
      }
      return options
    }
  }
}
