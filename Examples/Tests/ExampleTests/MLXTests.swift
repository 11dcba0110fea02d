#if canImport(MLX)
  import MLX
  import MLXNN
  import ParityTesting
  import Testing

  /// MLX Swift's own layer, on the weights and states that MLX recorded in Python.
  @Test func gruOfMLXSwiftIsThatOfMLX() {
    expectParity(
      withFixtureAt: fixtures + "gru-mlx.h5", reference: "mlx",
      of: .pass(Float.self, .batchMajor) { pass in
        let gru = GRU(inputSize: pass.inputSize, hiddenSize: pass.hiddenSize)
        let weights = try pass.weights.names.map { ($0, MLXArray(try pass.weights[$0])) }
        try gru.update(parameters: ModuleParameters.unflattened(weights), verify: .all)
        let h = gru(MLXArray(pass.input), hidden: MLXArray(pass.initialState.h))
        return .states(h: h.asArray(Float.self))
      })
  }

  extension MLXArray {
    fileprivate convenience init(_ tensor: ParityTensor<Float>) { self.init(tensor.values, tensor.shape) }
  }
#endif
