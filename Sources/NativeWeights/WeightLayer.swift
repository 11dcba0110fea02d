import Recurrent
import RecurrentConventions

/// A recurrent layer of a weight file: what the file says of it, and its weights.
public struct WeightLayer: Sendable {
  /// Its path in the model: "encoder.rnn.l0", "bidirectional_1".
  public var name: String
  /// The module that it is a layer of, "encoder.rnn"; its own name where it is one by itself.
  public var module: String
  /// How names, shapes and gates are to be read.
  public var convention: Convention
  /// One, or forward and backward.
  public var passes: [WeightPass]
  /// How the two outputs become one; nil where the file does not say, or there is one pass.
  public var merge: MergeMode?
  /// What it reads.
  public var feed: LayerFeed
  /// Options that the file says and that no formula here has, each as "name value": the weights can be read, but no
  /// network is made of them.
  public var otherOptions: [String]

  init(
    name: String, module: String? = nil, convention: Convention, passes: [WeightPass],
    merge: MergeMode? = nil, feed: LayerFeed = .unsaid, otherOptions: [String] = []
  ) {
    self.name = name
    self.module = module ?? name
    self.convention = convention
    self.passes = passes
    self.merge = merge
    self.feed = feed
    self.otherOptions = otherOptions
  }

  /// How many numbers its weights and biases hold.
  public var parameterCount: Int { passes.reduce(0) { $0 + $1.parameterCount } }
}

/// What a layer reads, as far as the file says.
public enum LayerFeed: Equatable, Sendable {
  /// The output of the recurrent layer of that name, with nothing but identities between, as dropout is.
  case layer(String)
  /// Something else, in words: "the model's input", "dense_1".
  case other(String)
  case unsaid
}

/// One direction of a layer: the weights under their native names.
public struct WeightPass: Sendable {
  /// What the file says of the cell: no names.
  public var said: LayerOptions
  public var inputSize: Int
  public var hiddenSize: Int
  /// P of a projected LSTM.
  public var projectionSize: Int?
  /// By the convention's own names, in the convention's own shapes: `weight_ih`, `recurrent_kernel`, `hi/kernel`.
  public var tensors: [String: StoredTensor]

  init(
    said: LayerOptions, inputSize: Int, hiddenSize: Int, projectionSize: Int? = nil,
    tensors: [String: StoredTensor]
  ) {
    self.said = said
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    self.projectionSize = projectionSize
    self.tensors = tensors
  }

  /// The width of the state h.
  public var stateSize: Int { projectionSize ?? hiddenSize }

  public var parameterCount: Int { tensors.values.reduce(0) { $0 + $1.count } }

  /// The values of all weights, by the convention's own names.
  ///
  /// - Parameter file: for errors.
  /// - Throws: also for a value that is not finite.
  public func nativeTensors(file: String) throws(WeightFileError) -> [String: NativeTensor] {
    var native: [String: NativeTensor] = [:]
    for (name, tensor) in tensors {
      let read = try tensor.native()
      if let index = read.values.firstIndex(where: { !$0.isFinite }) {
        throw WeightFileError(
          file: file, path: tensor.path, expected: "finite values",
          found: "\(read.values[index]) at \(tensor.place(of: index))")
      }
      native[name] = read
    }
    return native
  }
}
