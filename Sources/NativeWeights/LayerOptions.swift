import Recurrent
import RecurrentConventions

/// What has to be known of a layer beside its weights: what a file says, and what somebody says who loads it.
///
/// Nil is not said. What a file does not say has to be given, and what is given must not contradict the file.
public struct LayerOptions: Equatable, Sendable {
  /// The layer's name in the file, or that of the module whose layers are meant, all of them in order.
  public var name: String?
  public var kind: CellKind?
  /// Of an rnn's state, a gru's new state, an lstm's g and, where there is no `outputActivation`, c.
  public var activation: Activation?
  /// Of the gates of a gru or lstm.
  public var recurrentActivation: Activation?
  /// LSTM: the f of `o ⊙ f(c)`, where it is not `activation`.
  public var outputActivation: Activation?
  /// GRU: whether the reset gate multiplies the recurrent product, its bias included.
  public var resetAfter: Bool?
  /// LSTM: whether f is `1 − i`.
  public var inputForget: Bool?
  /// What the arguments of the gates' activations are clipped to.
  public var clip: Double?
  /// Of a layer with one pass; `backward` is Keras's `go_backwards` and Flax's `reverse`.
  public var direction: Direction?
  /// Of a layer with two.
  public var merge: MergeMode?
  /// Where the file has two directions as two layers, as Flax's may be: the name of the backward one.
  public var backward: String?

  public init(
    name: String? = nil, kind: CellKind? = nil, activation: Activation? = nil,
    recurrentActivation: Activation? = nil, outputActivation: Activation? = nil, resetAfter: Bool? = nil,
    inputForget: Bool? = nil, clip: Double? = nil, direction: Direction? = nil, merge: MergeMode? = nil,
    backward: String? = nil
  ) {
    self.name = name
    self.kind = kind
    self.activation = activation
    self.recurrentActivation = recurrentActivation
    self.outputActivation = outputActivation
    self.resetAfter = resetAfter
    self.inputForget = inputForget
    self.clip = clip
    self.direction = direction
    self.merge = merge
    self.backward = backward
  }

  /// What the layers of Keras, PyTorch, Flax and MLX have where nobody says anything else: tanh, σ for the gates, reset
  /// after the product, forward, and two directions concatenated. Saying so is up to you: no file is taken to mean it.
  public static func defaults(name: String? = nil) -> LayerOptions {
    LayerOptions(
      name: name, activation: .tanh, recurrentActivation: .sigmoid, resetAfter: true, direction: .forward,
      merge: .concat)
  }
}
