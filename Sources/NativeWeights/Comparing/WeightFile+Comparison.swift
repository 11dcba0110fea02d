import Recurrent
import RecurrentConventions
import RecurrentParity

extension WeightFile {
  /// Whether two files hold the same network, whatever the conventions that they are written in.
  ///
  /// Layers are one by their names; else by cell and sizes, where only one of each file has them; else by the same values;
  /// else by their order. Of what is no recurrent layer, arrays of one name are compared, and those of one value, transposed
  /// or not, are found.
  public func compared(with other: WeightFile) throws(WeightFileError) -> NetworkComparison {
    var matching = LayerMatching(first: try self.comparable, second: try other.comparable)
    let layers = matching.pairs()
    let others = try OtherMatching(first: self.others, second: other.others)
    return NetworkComparison(
      first: file, second: other.file, layers: layers, onlyInFirst: matching.first.map(\.layer.name),
      onlyInSecond: matching.second.map(\.layer.name), others: others.pairs,
      otherOnlyInFirst: others.onlyInFirst, otherOnlyInSecond: others.onlyInSecond)
  }

  private var comparable: [ComparableLayer] {
    get throws(WeightFileError) {
      var layers: [ComparableLayer] = []
      for layer in self.layers {
        var cells: [StoredCell] = []
        for pass in layer.passes { cells.append(try stored(pass, layer)) }
        layers.append(ComparableLayer(layer: layer, cells: cells))
      }
      return layers
    }
  }

  private func stored(_ pass: WeightPass, _ layer: WeightLayer) throws(WeightFileError) -> StoredCell {
    guard let kind = pass.said.kind else {
      throw error(layer, expected: "a layer whose cell is known", found: "another")
    }
    // Activations are compared by what the files say; here the parameters alone count.
    let description = CellDescription(
      kind: kind, inputSize: pass.inputSize, hiddenSize: pass.hiddenSize,
      resetAfter: pass.said.resetAfter ?? true, projectionSize: pass.projectionSize)
    let tensors = try pass.nativeTensors(file: file)
    do {
      let formats = pass.tensors.values.compactMap(\.format)
      return StoredCell(
        cell: try layer.convention.cell(description, from: tensors),
        format: formats.max { $0.unitRoundoff < $1.unitRoundoff } ?? .float64)
    } catch {
      throw WeightFileError(
        file: file, path: pass.tensors[error.tensor]?.path ?? "\(layer.name): \(error.tensor)",
        expected: error.expected, found: error.found)
    }
  }
}

/// A layer with its parameters.
struct ComparableLayer {
  let layer: WeightLayer
  /// One for each pass.
  let cells: [StoredCell]

  /// What two layers that are one have in common.
  var shape: [[Int]] {
    zip(layer.passes, cells).map { pass, stored in
      [stored.cell.gates.count, pass.inputSize, pass.hiddenSize, pass.stateSize]
    }
  }
}
