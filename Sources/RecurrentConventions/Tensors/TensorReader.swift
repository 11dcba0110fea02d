import Recurrent

/// Takes native weights one by one, so that what is left over at the end is known to be unused.
struct TensorReader {
  private var remaining: [String: NativeTensor]
  private var taken: [String] = []

  init(_ tensors: [String: NativeTensor]) { remaining = tensors }

  /// The matrix of that name, which must have the given shape.
  mutating func matrix(_ name: String, _ rows: Int, _ columns: Int) throws(ConventionError) -> Matrix<Double>
  {
    guard let tensor = try take(name, shape: [rows, columns]) else {
      throw ConventionError(tensor: name, expected: "shape (\(rows), \(columns))", found: "nothing")
    }
    return Matrix(rows: rows, columns: columns, elements: tensor.values)
  }

  /// The bias of that name, or nil where the model has none.
  mutating func bias(_ name: String, _ shape: [Int]) throws(ConventionError) -> [Double]? {
    try take(name, shape: shape)?.values
  }

  private mutating func take(_ name: String, shape: [Int]) throws(ConventionError) -> NativeTensor? {
    taken.append(name)
    guard let tensor = remaining.removeValue(forKey: name) else { return nil }
    guard tensor.shape == shape else {
      throw ConventionError(
        tensor: name, expected: "shape \(text(shape))", found: "shape \(text(tensor.shape))")
    }
    let (count, isTooLarge) = shape.reduce((1, false)) { product, size in
      let (count, isTooLarge) = product.0.multipliedReportingOverflow(by: size)
      return (count, product.1 || isTooLarge)
    }
    guard !isTooLarge, tensor.values.count == count else {
      throw ConventionError(
        tensor: name, expected: "as many values as shape \(text(shape)) has", found: "\(tensor.values.count)")
    }
    return tensor
  }

  /// - Throws: if a weight was not taken: a weight that nothing reads is a wrong port.
  func finish() throws(ConventionError) {
    if let name = remaining.keys.min() {
      throw ConventionError(
        tensor: name, expected: "only \(taken.joined(separator: ", "))",
        found: "a weight that this cell does not read")
    }
  }

  private func text(_ shape: [Int]) -> String {
    "(" + shape.map(String.init).joined(separator: ", ") + ")"
  }
}
