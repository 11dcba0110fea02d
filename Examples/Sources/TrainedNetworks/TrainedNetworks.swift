import NativeWeights
import Recurrent

/// What a trained Keras model, whose last layer is dense, makes of `input (T, B, I)`: scores `(B, classes)`.
func scores(_ input: BatchedSequence<Float>) throws -> Matrix<Float> {
  let file = try WeightFile(contentsOf: "sentiment.h5")
  let encoder: Network<Float> = try file.network()
  let h = encoder.run(input).layers[0].passes[0].finalState.h  // input (T, B, I), h (B, H)
  let kernel: Matrix<Float> = try file.matrix("head/kernel")
  let scores = h * kernel + (try file.vector("head/bias", as: Float.self))
  return scores
}

/// What every layer of a trained PyTorch network makes of `input (T, B, I)`.
func tags(_ input: BatchedSequence<Float>) throws -> [BatchedSequence<Float>] {
  let tagger = try Network<Float>(
    contentsOf: "tagger.safetensors", layers: [LayerOptions(name: "encoder.rnn", activation: .relu)])
  let outputs = tagger.run(input).layers.map(\.output)  // (T, B, D · H) of every layer
  return outputs
}
