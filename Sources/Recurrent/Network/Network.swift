/// A stack of recurrent layers.
public struct Network<S: Scalar>: Sendable {
  /// The lowest first; each reads the output of the one before.
  public var layers: [Layer<S>]

  /// A network of layers, the lowest first.
  public init(layers: [Layer<S>]) {
    self.layers = layers
  }

  /// The same network in another scalar type, each value rounded to nearest.
  public func converted<T: Scalar>(to type: T.Type) -> Network<T> {
    Network<T>(layers: layers.map { $0.converted(to: type) })
  }

  /// Runs the stack and keeps every state.
  ///
  /// - Parameters:
  ///   - input: `(T, B, I)`, what the first layer reads.
  ///   - lengths: valid steps of each sequence; nil means all T.
  ///   - layerInputs: for each layer, a sequence to read instead of the output below it; nil reads on.
  /// - Precondition: the shapes agree, from the input up to the last layer.
  public func run(
    _ input: BatchedSequence<S>, lengths: [Int]? = nil, layerInputs: [BatchedSequence<S>?] = []
  ) -> Trace<S> {
    precondition(layerInputs.isEmpty || layerInputs.count == layers.count)
    var traces: [LayerTrace<S>] = []
    var current = input
    for (index, layer) in layers.enumerated() {
      if let replacement = layerInputs.isEmpty ? nil : layerInputs[index] { current = replacement }
      let trace = layer.run(current, lengths: lengths)
      current = trace.output
      traces.append(trace)
    }
    return Trace(layers: traces)
  }
}
