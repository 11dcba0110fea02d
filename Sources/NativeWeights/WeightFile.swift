import Recurrent

/// What a framework's weight file holds: recurrent layers, and all the rest.
///
/// Reading one looks at names and shapes; values are read where they are asked for.
public struct WeightFile: Sendable {
  /// As it was named by the caller.
  public let file: String
  public let format: WeightFormat
  /// What wrote it, where it says so: "keras 3.15.1".
  public let source: String?
  /// In the order in which the file has them. That is the order in which data flow only as far as their `feed` says.
  public let layers: [WeightLayer]
  /// What is no recurrent layer: embeddings, dense heads, states of optimizers.
  public let others: [StoredTensor]

  init(
    file: String, format: WeightFormat, source: String? = nil, layers: [WeightLayer], others: [StoredTensor]
  ) {
    self.file = file
    self.format = format
    self.source = source
    self.layers = layers
    self.others = others
  }

  /// What is no recurrent layer, by its name or its path.
  public func tensor(_ name: String) throws(WeightFileError) -> StoredTensor {
    if let tensor = others.first(where: { $0.name == name || $0.path == name }) { return tensor }
    throw WeightFileError(
      file: file, path: name,
      expected: others.isEmpty
        ? "a tensor that is no recurrent layer's: there is none"
        : "one of " + others.map(\.name).joined(separator: ", "),
      found: "no tensor of that name")
  }

  /// The weights of a dense layer, say: `(rows, columns)`, each value rounded to nearest where it does not fit.
  public func matrix<S: Scalar>(
    _ name: String, as type: S.Type = S.self
  ) throws(WeightFileError) -> Matrix<S> {
    let tensor = try tensor(name)
    guard tensor.shape.count == 2 else {
      throw WeightFileError(
        file: file, path: tensor.path, expected: "a matrix", found: "shape \(tensor.shapeText)")
    }
    return Matrix(
      rows: tensor.shape[0], columns: tensor.shape[1], elements: S.rounded(try tensor.values()))
  }

  /// A bias, say, each value rounded to nearest where it does not fit.
  public func vector<S: Scalar>(_ name: String, as type: S.Type = S.self) throws(WeightFileError) -> [S] {
    let tensor = try tensor(name)
    guard tensor.shape.count == 1 else {
      throw WeightFileError(
        file: file, path: tensor.path, expected: "a vector", found: "shape \(tensor.shapeText)")
    }
    return S.rounded(try tensor.values())
  }
}
