import Recurrent
import RecurrentParity

/// A floating-point dataset, widened to Float64.
struct FixtureTensor {
  let path: String
  let shape: [Int]
  let values: [Double]
  let format: FloatFormat
  /// Whether anything was ever written to it; what was not reads as zeros.
  let isWritten: Bool
}

extension Matrix<Double> {
  init(_ tensor: FixtureTensor) {
    self.init(rows: tensor.shape[0], columns: tensor.shape[1], elements: tensor.values)
  }
}

extension FixtureNode {
  func requireFinite(_ tensor: FixtureTensor) throws(FixtureError) {
    guard !tensor.values.areFinite, let index = tensor.values.firstIndex(where: { !$0.isFinite }) else {
      return
    }
    throw notFinite(tensor, at: index)
  }

  private func notFinite(_ tensor: FixtureTensor, at index: Int) -> FixtureError {
    var rest = index
    let position = tensor.shape.reversed().map { size in
      defer { rest /= size }
      return String(rest % size)
    }
    return error(
      tensor.path, expected: "finite values",
      found: "\(tensor.values[index]) at [\(position.reversed().joined(separator: ", "))]")
  }
}
