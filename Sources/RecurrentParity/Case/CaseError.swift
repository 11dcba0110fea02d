/// Values that make no case: where, what was expected, and what was found.
public struct CaseError: Error, Equatable, Sendable, CustomStringConvertible {
  /// From what was being made on: `references/keras/layers[1]/passes[0]/states/h` of a case, `states/h` of a pass.
  public let place: String
  /// What has to be there.
  public let expected: String
  /// What is there.
  public let found: String

  package init(place: String, expected: String, found: String) {
    self.place = place
    self.expected = expected
    self.found = found
  }

  /// One line.
  public var description: String { "\(place): expected \(expected), found \(found)" }
}

/// A place in a case, and what may be asked of the values there.
package struct CasePlace {
  package let path: String

  /// What is being made itself.
  package static let top = CasePlace(path: "")

  package func at(_ name: String) -> CasePlace {
    CasePlace(path: path.isEmpty ? name : "\(path)/\(name)")
  }

  package func at(_ list: String, _ index: Int) -> CasePlace { at("\(list)[\(index)]") }

  package func error(expected: String, found: String) -> CaseError {
    CaseError(place: path, expected: expected, found: found)
  }

  package func expect(_ shape: [Int], found: [Int]) throws(CaseError) {
    guard shape == found else {
      throw error(expected: "shape \(text(shape))", found: "shape \(text(found))")
    }
  }

  /// An axis has at least one element.
  func expectFilled(_ shape: [Int]) throws(CaseError) {
    guard shape.allSatisfy({ $0 > 0 }) else {
      throw error(expected: "at least one value", found: "shape \(text(shape))")
    }
  }

  /// Row-major values of that shape, whatever sizes they claim.
  func expect(_ count: Int, toFill shape: [Int]) throws(CaseError) {
    guard count == Self.count(of: shape) else {
      throw error(expected: "as many values as shape \(text(shape)) has", found: "\(count)")
    }
  }

  func expectFinite(_ values: [Double], of shape: [Int]) throws(CaseError) {
    guard !values.areFinite, let index = values.firstIndex(where: { !$0.isFinite }) else { return }
    var rest = index
    let position = shape.reversed().map { size in
      defer { rest /= size }
      return String(rest % size)
    }
    throw error(
      expected: "finite values",
      found: "\(values[index]) at [\(position.reversed().joined(separator: ", "))]")
  }

  /// Nil where a size is negative or no `Int` holds the product.
  private static func count(of shape: [Int]) -> Int? {
    var count = 1
    for size in shape {
      let (product, isTooLarge) = count.multipliedReportingOverflow(by: size)
      guard size >= 0, !isTooLarge else { return nil }
      count = product
    }
    return count
  }

  private func text(_ shape: [Int]) -> String {
    "(" + shape.map(String.init).joined(separator: ", ") + ")"
  }
}
