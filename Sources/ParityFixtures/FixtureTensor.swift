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

extension BatchedSequence<Double> {
  init(_ tensor: FixtureTensor) {
    self.init(
      timesteps: tensor.shape[0], batch: tensor.shape[1], features: tensor.shape[2], elements: tensor.values)
  }
}

extension Matrix<Double> {
  init(_ tensor: FixtureTensor) {
    self.init(rows: tensor.shape[0], columns: tensor.shape[1], elements: tensor.values)
  }
}

extension FixtureNode {
  func requireFinite(_ tensor: FixtureTensor) throws(FixtureError) {
    guard let index = tensor.values.firstIndex(where: { !$0.isFinite }) else { return }
    throw notFinite(tensor, at: index)
  }

  /// Positions beyond a sequence's length are never read: what they hold is the exporter's affair.
  func requireFinite(
    _ sequence: BatchedSequence<Double>, _ tensor: FixtureTensor, valid: ValidSteps
  ) throws(FixtureError) {
    for step in StepIndex.all(valid) {
      let range = sequence.range(step.t, step.b)
      if let index = range.first(where: { !sequence.elements[$0].isFinite }) {
        throw notFinite(tensor, at: index)
      }
    }
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

extension FixtureTensor {
  /// One of `count` equal parts of the last axis.
  func slice(_ index: Int, of count: Int) -> FixtureTensor {
    let width = shape[shape.count - 1] / count
    let values = stride(from: index * width, to: self.values.count, by: count * width).flatMap {
      self.values[$0..<$0 + width]
    }
    return FixtureTensor(
      path: path, shape: shape.dropLast() + [width], values: values, format: format, isWritten: isWritten)
  }
}
