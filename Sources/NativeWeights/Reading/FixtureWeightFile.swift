import HDF5
import ParityFixtures
import Recurrent
import RecurrentConventions
import RecurrentParity

/// A reference of a fixture, as weights: what it computed is left behind, and so are its initial states.
struct FixtureWeightFile {
  let source: String
  private(set) var layers: [WeightLayer] = []

  /// - Parameter name: of the reference; nil where there is one alone.
  init(_ path: SystemPath, reference name: String?, memoryLimit: Int) throws(WeightFileError) {
    let file = path.description
    let parityCase: ParityCase
    do { parityCase = try ParityCase(contentsOf: path, memoryLimit: memoryLimit) } catch {
      throw WeightFileError(error)
    }
    guard parityCase.unknownFeatures.isEmpty else {
      throw WeightFileError(
        file: file, path: "/@requires", expected: "features that this program knows",
        found: parityCase.unknownFeatures.joined(separator: ", "))
    }
    let names = parityCase.references.map(\.name)
    guard let reference = parityCase.references.first(where: { $0.name == name ?? names.first }),
      name != nil || names.count == 1
    else {
      throw WeightFileError(
        file: file, path: "/references",
        expected: "reference: one of " + names.joined(separator: ", "),
        found: name ?? "none given", missing: .reference(names))
    }
    source = "\(reference.name): \(reference.framework) \(reference.frameworkVersion)"
    for (index, layer) in reference.layers.enumerated() {
      var passes: [WeightPass] = []
      for pass in layer.passes {
        let path = "/references/\(reference.name)/layers/\(index)/\(pass.direction.rawValue)/weights"
        passes.append(try WeightPass(pass, reference.convention, file: file, path: path))
      }
      let feed: LayerFeed
      if let below = layers.last {
        // What was recorded apart may be anything.
        feed = layer.input == nil ? .layer(below.name) : .other("an input of its own")
      } else {
        feed = .other("the case's input")
      }
      layers.append(
        WeightLayer(
          name: layer.name, convention: reference.convention, passes: passes,
          merge: passes.count == 2 ? layer.merge : nil, feed: feed,
          otherOptions: layer.otherOptions.map(\.text)))
    }
  }
}

extension WeightPass {
  fileprivate init(
    _ pass: RecordedPass, _ convention: Convention, file: String, path: String
  ) throws(WeightFileError) {
    let cell = pass.cell
    let native: [String: NativeTensor]
    do { native = try convention.tensors(of: cell) } catch {
      throw WeightFileError(
        file: file, path: "\(path)/\(error.tensor)", expected: error.expected, found: error.found)
    }
    var tensors: [String: StoredTensor] = [:]
    for (name, tensor) in native {
      tensors[name] = StoredTensor(
        name: name, path: "\(path)/\(name)", shape: tensor.shape, elementType: pass.format.name,
        format: pass.format
      ) { () throws(WeightFileError) in tensor.values }
    }
    var said = LayerOptions(kind: cell.kind, activation: cell.activation, direction: pass.direction)
    switch cell {
    case .rnn(let cell): said.clip = cell.clip
    case .gru(let cell):
      said.recurrentActivation = cell.recurrentActivation
      said.resetAfter = cell.resetAfter
      said.clip = cell.clip
    case .lstm(let cell):
      said.recurrentActivation = cell.recurrentActivation
      said.outputActivation = cell.outputActivation
      said.inputForget = cell.inputForget
      said.clip = cell.clip
    }
    self.init(
      said: said, inputSize: cell.inputSize, hiddenSize: cell.hiddenSize,
      projectionSize: cell.weightHR?.rows, tensors: tensors)
  }
}

extension WeightFileError {
  init(_ error: FixtureError) {
    let parts = error.problem.wholeMatch(of: #/expected (.+), found (.+)/#)
    self.init(
      file: error.file, path: error.path, expected: parts.map { String($0.1) } ?? "a fixture",
      found: parts.map { String($0.2) } ?? error.problem)
  }
}
