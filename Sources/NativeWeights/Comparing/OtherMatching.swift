import Recurrent
import RecurrentParity

/// Finds which array that is no recurrent layer's is which of another file.
struct OtherMatching {
  private(set) var pairs: [ComparedTensor] = []
  private(set) var onlyInFirst: [String] = []
  private(set) var onlyInSecond: [String] = []

  init(first: [StoredTensor], second: [StoredTensor]) throws(WeightFileError) {
    var rest = second
    var unpaired: [StoredTensor] = []
    for tensor in first {
      guard tensor.format != nil,
        let index = rest.firstIndex(where: {
          $0.name == tensor.name && $0.shape == tensor.shape && $0.format != nil
        })
      else {
        unpaired.append(tensor)
        continue
      }
      pairs.append(try Self.compared(tensor, rest.remove(at: index), isTransposed: false))
    }
    for tensor in unpaired {
      if let (pair, index) = try Self.equal(tensor, among: rest) {
        rest.remove(at: index)
        pairs.append(pair)
      } else {
        onlyInFirst.append(tensor.name)
      }
    }
    onlyInSecond = rest.map(\.name)
  }

  /// One that holds the same values, as it is or transposed. One number says nothing.
  private static func equal(
    _ tensor: StoredTensor, among others: [StoredTensor]
  ) throws(WeightFileError) -> (ComparedTensor, Int)? {
    guard tensor.format != nil, tensor.count > 1 else { return nil }
    for (index, other) in others.enumerated() where other.format != nil {
      for isTransposed in [false, true] {
        let shape = isTransposed ? Array(other.shape.reversed()) : other.shape
        guard shape == tensor.shape, !isTransposed || shape.count == 2 else { continue }
        let pair = try compared(tensor, other, isTransposed: isTransposed)
        if pair.agreement < .different { return (pair, index) }
      }
    }
    return nil
  }

  private static func compared(
    _ a: StoredTensor, _ b: StoredTensor, isTransposed: Bool
  ) throws(WeightFileError) -> ComparedTensor {
    let x = try a.values()
    var y = try b.values()
    if isTransposed {
      y = Matrix(rows: b.shape[0], columns: b.shape[1], elements: y).transposed().elements
    }
    let u = a.format == b.format ? 0 : max(a.format?.unitRoundoff ?? 0, b.format?.unitRoundoff ?? 0)
    var result = ComparedTensor(
      first: a.name, second: b.name, isTransposed: isTransposed, agreement: .exact, difference: 0)
    for (x, y) in zip(x, y) where x != y {
      let difference = (x - y).magnitude
      result.agreement = max(
        result.agreement, difference <= u * max(x.magnitude, y.magnitude) ? .rounded : .different)
      // NaN is equal to nothing, and further than anything.
      result.difference = difference.isNaN ? .nan : max(result.difference, difference)
    }
    return result
  }
}
