/// The layouts of weight files that are read.
public enum WeightFormat: String, Codable, CaseIterable, Sendable {
  /// Keras's legacy `.h5` with the model's configuration: `model.save("model.h5")`.
  case kerasModel = "keras-model"
  /// Keras's legacy `.h5` of weights alone: `model.save_weights("weights.h5")` of Keras 2.
  case kerasLegacyWeights = "keras-legacy-weights"
  /// Keras 3's `.weights.h5`.
  case kerasWeights = "keras-weights"
  /// Tensors with names, of PyTorch, Flax or MLX, or of ONNX by `rnn_parity convert`.
  case safetensors
  /// The same in HDF5, a dataset each, as `rnn_parity convert` writes them of PyTorch and ONNX.
  case namedTensors = "named-tensors"
  /// A reference of a parity fixture.
  case fixture = "rnn-parity-fixture"
}
