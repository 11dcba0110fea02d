import HDF5
import RecurrentParity

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What version 2 adds: arrays of any kind, movements, and attributes of JSON.
extension FixtureNode {
  /// The array of that name, of any rank, of floats, integers or bools. It may be empty, and hold any value.
  func array(_ name: String) throws(FixtureError) -> RecordedArray {
    let dataset = try wrapped { () throws(HDF5Error) in try group.dataset(name) }
    if let format = FloatFormat(dataset.elementType) {
      return RecordedArray(name: name, shape: dataset.shape, values: try floats(dataset, format))
    }
    try session.spend(on: dataset)
    let values: RecordedValues
    switch dataset.elementType {
    case .boolean:
      let bools = try wrapped { () throws(HDF5Error) in try dataset.readBooleans() }
      values = .integers(bools.map { $0 ? 1 : 0 })
    case .integer(64, signed: false, _):
      let numbers = try wrapped { () throws(HDF5Error) in try dataset.read(as: UInt64.self) }
      // Only equality is asked of integers: the same bits are the same number.
      values = .integers(numbers.map { Int64(bitPattern: $0) })
    case .integer:
      values = .integers(try wrapped { () throws(HDF5Error) in try dataset.read(as: Int64.self) })
    default:
      throw error(dataset.path, expected: "floats, integers or bools", found: dataset.elementType.description)
    }
    return RecordedArray(name: name, shape: dataset.shape, values: values)
  }

  /// Values that are no trouble to read whether anyone asks for them or not.
  private static let mostAtOnce = 1 << 16

  private func floats(_ dataset: Dataset, _ format: FloatFormat) throws(FixtureError) -> RecordedValues {
    let (shape, count) = (dataset.shape, dataset.shape.reduce(1, *))
    func atOnce() throws(FixtureError) -> RecordedValues {
      .floats(try wrapped { () throws(HDF5Error) in try dataset.doubles(format) }, format)
    }
    guard let length = shape.first, length > 0, count > 0 else {
      try session.spend(on: dataset)
      return try atOnce()
    }
    // Of a single reference nobody asks: there is nothing to hold its ends against.
    if try session.admit(sequence: dataset), count <= Self.mostAtOnce { return try atOnce() }
    return .floats(
      RecordedSequence(
        timesteps: length, batch: 1, features: count / length, storage: format,
        read: reading(dataset, format)), format)
  }

  /// How far something was moved: numbers of at least 0, infinite or NaN where a run left the finite ones.
  ///
  /// - Parameter count: nil of a single value.
  func movements(_ name: String, count: Int?) throws(FixtureError) -> [Double] {
    let dataset = try wrapped { () throws(HDF5Error) in try group.dataset(name) }
    let shape = count.map { [$0] } ?? []
    guard dataset.shape == shape else {
      throw error(dataset.path, expected: "shape \(text(shape))", found: "shape \(text(dataset.shape))")
    }
    try session.spend(on: dataset)
    let values = try wrapped { () throws(HDF5Error) in try dataset.read(as: Double.self) }
    if let negative = values.first(where: { $0 < 0 }) {
      throw error(dataset.path, expected: "movements of at least 0", found: "\(negative)")
    }
    return values
  }

  /// What the attribute holds as JSON; nil where there is none.
  func json<Value: Decodable>(_ name: String, _ type: Value.Type) throws(FixtureError) -> Value? {
    guard let text = try optionalString(name) else { return nil }
    do { return try JSONDecoder().decode(type, from: Data(text.utf8)) } catch {
      throw self.error(attribute: name, expected: "JSON as the format describes it", found: "\"\(text)\"")
    }
  }
}
