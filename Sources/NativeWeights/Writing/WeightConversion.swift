import Recurrent
import RecurrentConventions
import RecurrentParity

/// The recurrent layers of a weight file as another framework has them, ready to be written.
public struct WeightConversion: Sendable {
  /// The file that they were read from, as it was named by the caller.
  public let file: String
  /// What it is converted to.
  public let target: Convention
  /// In the order of the file.
  public let layers: [ConvertedLayer]
  /// The format of the file's weights, the widest where there are several.
  public let format: FloatFormat
  /// What is no recurrent layer, and is not written.
  public let leftOut: [StoredTensor]
  /// Why the layers are no stack, in which each reads what the one below puts out; nil where they are.
  public let notAStack: WeightFileError?
}

extension WeightFile {
  /// The file's recurrent layers, or those that are named, as another framework has them.
  ///
  /// What the file does not say of them has to be given, as for `network(_:as:)`; but the layers need not read one
  /// another.
  /// - Throws: `WeightFileError` that names what has to be given, or contradicts, and what the other framework does not
  ///   have.
  public func converted(
    to target: Convention, _ options: [LayerOptions] = []
  ) throws(WeightFileError) -> WeightConversion {
    let chosen = try LayerSelection(file: self, options: options).layers
    try expectAllGiven(chosen)
    var layers: [ConvertedLayer] = []
    for entry in chosen {
      layers.append(try converted(entry, to: target))
    }
    var problem: WeightFileError?
    for (below, entry) in zip(chosen, chosen.dropFirst()) where problem == nil {
      do { try expect(entry, toRead: below) } catch { problem = error }
    }
    let formats = chosen.flatMap(\.layer.passes).flatMap(\.tensors.values).compactMap(\.format)
    return WeightConversion(
      file: file, target: target, layers: layers, format: formats.widest ?? .float32, leftOut: others,
      notAStack: problem)
  }

  private func converted(
    _ entry: ChosenLayer, to target: Convention
  ) throws(WeightFileError) -> ConvertedLayer {
    let layer = try self.layer(entry)
    let directions = layer.passes.map(\.direction)
    func expect(_ feature: LayerFeature, if isNeeded: Bool, _ expected: String, _ found: String)
      throws(WeightFileError)
    {
      guard isNeeded, !target.layerFeatures.contains(feature) else { return }
      throw error(entry.layer, expected: "\(expected) \(target.title) has", found: found)
    }
    try expect(.bidirectional, if: directions.count == 2, "one direction, all that a layer of", "two")
    try expect(
      .backwardAlone, if: directions == [.backward], "a forward direction, all that a layer of",
      "backward alone")
    try expect(
      .merged, if: directions.count == 2 && layer.merge != .concat, "merge concat, the only one that",
      layer.merge.rawValue)
    var passes: [ConvertedPass] = []
    for pass in layer.passes {
      do {
        passes.append(
          ConvertedPass(direction: pass.direction, converted: try target.converted(pass.cell)))
      } catch {
        throw WeightFileError(
          file: file, path: "\(entry.layer.name): \(error.tensor)", expected: error.expected,
          found: error.found)
      }
    }
    return ConvertedLayer(
      name: entry.layer.name, module: entry.layer.module, source: entry.layer.convention, passes: passes,
      merge: layer.merge)
  }
}

extension [FloatFormat] {
  /// Nil of none. Of float16 and bfloat16, neither of which holds the other, float32.
  fileprivate var widest: FloatFormat? {
    guard let first else { return nil }
    return dropFirst().reduce(first) { wide, format in
      if wide == format { return wide }
      let pair = [wide, format]
      if pair.contains(.float64) { return .float64 }
      return .float32
    }
  }
}
