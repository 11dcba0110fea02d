import Recurrent

/// A parameter of a PyTorch module, under its name in the `state_dict`.
public struct NamedParameter: Equatable, Sendable {
  /// As in the module's `state_dict`.
  public let name: String
  /// Its values.
  public let tensor: NativeTensor
}

extension Network<Double> {
  /// Every parameter in PyTorch's order: layer by layer, forward before backward, and of each pass
  /// `weight_ih`, `weight_hh`, `bias_ih`, `bias_hh`, of a projected LSTM also `weight_hr`, named `weight_ih_l0`, `weight_ih_l0_reverse`, …
  ///
  /// With biases these are 4·L·D tensors for L layers and D directions, without 2·L·D; L·D more with projections.
  /// Source: `torch/nn/modules/rnn.py`, `RNNBase._all_weights`.
  /// - Throws: `ConventionError` for a cell that PyTorch does not have.
  public func pyTorchParameters() throws(ConventionError) -> [NamedParameter] {
    var parameters: [NamedParameter] = []
    for (index, layer) in layers.enumerated() {
      for pass in layer.passes {
        let tensors = try Convention.pytorch.tensors(of: pass.cell.converted(to: .twoBias))
        parameters += PyTorch.parameterOrder.compactMap { name in
          tensors[name].map {
            NamedParameter(name: PyTorch.name(name, layer: index, direction: pass.direction), tensor: $0)
          }
        }
      }
    }
    return parameters
  }

  /// The network of a PyTorch module, from its `state_dict`.
  ///
  /// - Throws: `ConventionError` for a parameter that is missing, superfluous or of the wrong shape.
  public init(
    pyTorchParameters parameters: [NamedParameter], shape: StackShape, kind: CellKind = .rnn,
    activation: Activation = .tanh
  ) throws(ConventionError) {
    var remaining = Dictionary(parameters.map { ($0.name, $0.tensor) }, uniquingKeysWith: { $1 })
    var layers: [Layer<Double>] = []
    for index in 0..<shape.layers {
      var passes: [Pass<Double>] = []
      for direction in shape.directions {
        var tensors: [String: NativeTensor] = [:]
        for name in PyTorch.parameterOrder {
          tensors[name] = remaining.removeValue(
            forKey: PyTorch.name(name, layer: index, direction: direction))
        }
        let description = CellDescription(
          kind: kind, inputSize: shape.inputSize(ofLayer: index), hiddenSize: shape.hiddenSize,
          activation: activation)
        passes.append(
          Pass(direction: direction, cell: try Convention.pytorch.cell(description, from: tensors)))
      }
      layers.append(Layer(passes: passes))
    }
    if let name = remaining.keys.min() {
      throw ConventionError(
        tensor: name, expected: "a parameter of \(shape.layers) layers",
        found: "one that this module does not have")
    }
    self.init(layers: layers)
  }
}

/// The sizes of a PyTorch module: `num_layers`, `bidirectional`, `input_size`, `hidden_size`.
public struct StackShape: Equatable, Sendable {
  /// How many there are.
  public var layers: Int
  /// Whether each layer has a backward direction too.
  public var isBidirectional: Bool
  /// I of the lowest layer.
  public var inputSize: Int
  /// H of every layer.
  public var hiddenSize: Int

  /// The shape of a module of PyTorch's.
  public init(layers: Int, isBidirectional: Bool, inputSize: Int, hiddenSize: Int) {
    self.layers = layers
    self.isBidirectional = isBidirectional
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
  }

  /// Those of every layer, forward first.
  public var directions: [Direction] { isBidirectional ? [.forward, .backward] : [.forward] }

  /// Layers above the first read the concatenated output of the one below, D · H wide.
  public func inputSize(ofLayer index: Int) -> Int {
    index == 0 ? inputSize : directions.count * hiddenSize
  }
}

/// States of a whole stack as PyTorch holds them, `(L·D, B, H)`: index `l · D + d`, the forward direction
/// first. It is not affected by `batch_first`.
///
/// Source: `torch.nn.RNN` documentation, `h_0` and `h_n`.
public struct StackedStates: Equatable, Sendable {
  /// `L·D` matrices `(B, H)`.
  public var states: [Matrix<Double>]

  /// The states of all layers and directions, each `(B, S)`, forward before backward.
  public init(_ states: [Matrix<Double>]) { self.states = states }

  /// The final states h of a run: PyTorch's `h_n`.
  public init(finalStatesOf trace: Trace<Double>) {
    states = trace.layers.flatMap { $0.passes.map(\.finalState.h) }
  }
}

extension Network<Double> {
  /// The same network, started from PyTorch's `h_0`, and of an LSTM from its `c_0`; without `c_0`, c starts from
  /// zeros.
  public func started(from h0: StackedStates, _ c0: StackedStates? = nil) -> Network {
    let count = layers.reduce(0) { $0 + $1.passes.count }
    precondition(h0.states.count == count && c0.map { $0.states.count == count } ?? true)
    var network = self
    var index = 0
    for layer in network.layers.indices {
      for pass in network.layers[layer].passes.indices {
        var state = network.layers[layer].passes[pass].cell.zeroState(batch: h0.states[index].rows)
        state.h = h0.states[index]
        if let c0, state.c != nil { state.c = c0.states[index] }
        network.layers[layer].passes[pass].initialState = state
        index += 1
      }
    }
    return network
  }
}
