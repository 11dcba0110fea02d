import NativeWeights
import ParityReport

extension WeightInspection {
  init(_ file: WeightFile) {
    self.init(
      file: file.file, format: file.format.rawValue, source: file.source,
      layers: file.layers.map { Layer($0, in: file) }, others: file.others.map { Tensor($0, name: $0.name) })
  }
}

extension WeightInspection.Layer {
  fileprivate init(_ layer: WeightLayer, in file: WeightFile) {
    let reads: String? =
      switch layer.feed {
      case .layer(let name), .other(let name): name
      case .unsaid: nil
      }
    self.init(
      name: layer.name, module: layer.module, convention: layer.convention.rawValue,
      merge: layer.merge?.rawValue, reads: reads, otherOptions: layer.otherOptions,
      unsaid: file.unsaidOptions(of: layer), passes: layer.passes.map { WeightInspection.Pass($0) })
  }
}

extension WeightInspection.Pass {
  fileprivate init(_ pass: WeightPass) {
    let said = pass.said
    self.init(
      direction: said.direction?.rawValue, cell: said.kind?.rawValue,
      activation: said.activation?.description,
      recurrentActivation: said.recurrentActivation?.description,
      outputActivation: said.outputActivation?.description, resetAfter: said.resetAfter,
      inputForget: said.inputForget, clip: said.clip, inputSize: pass.inputSize, hiddenSize: pass.hiddenSize,
      projectionSize: pass.projectionSize, parameters: pass.parameterCount,
      tensors: pass.tensors.sorted { $0.key < $1.key }.map { WeightInspection.Tensor($1, name: $0) })
  }
}

extension WeightInspection.Tensor {
  fileprivate init(_ tensor: StoredTensor, name: String) {
    self.init(name: name, path: tensor.path, shape: tensor.shape, type: tensor.elementType)
  }
}
