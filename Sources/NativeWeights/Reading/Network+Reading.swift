import Recurrent

extension Network {
  /// The network of recurrent layers in a weight file: `Network<Float>(contentsOf: "sentiment.h5")`.
  ///
  /// Keras's `.h5` and `.weights.h5`, `.safetensors` of PyTorch, Flax or MLX, what `python -m rnn_parity convert` makes of
  /// `.keras`, `.pt` and `.onnx`, and fixtures. The layers around it are in `WeightFile`.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - reference: of a fixture with several references, which one.
  ///   - layers: what the file does not say; see `WeightFile.network(_:as:)`.
  /// - Throws: `WeightFileError`, which names what has to be given, what contradicts, or what is damaged.
  public init(
    contentsOf path: String, reference: String? = nil, layers: [LayerOptions] = []
  ) throws(WeightFileError) {
    self = try WeightFile(contentsOf: path, reference: reference).network(layers)
  }
}
