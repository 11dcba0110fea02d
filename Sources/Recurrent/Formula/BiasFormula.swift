/// How many biases the formula adds before the activation.
public enum BiasFormula: String, Sendable {
  /// PyTorch, cuDNN, ONNX: one with the input product and one with the recurrent product.
  case twoBias = "two-bias"
  /// TensorFlow 2 and Keras: one.
  case oneBias = "one-bias"
}
