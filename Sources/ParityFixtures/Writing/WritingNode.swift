import HDF5
import Recurrent
import RecurrentParity

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A group of a fixture that is being written, whose every access answers with a `FixtureError` where it fails.
struct WritingNode {
  let group: Group
  let session: WritingSession

  var path: String { group.path }

  func child(_ name: String) throws(FixtureError) -> WritingNode {
    WritingNode(
      group: try wrapped { () throws(HDF5Error) in try group.createGroup(name) }, session: session)
  }

  func link(_ name: String, to path: String) throws(FixtureError) {
    try wrapped { () throws(HDF5Error) in try group.createHardLink(name, to: path) }
  }

  // MARK: Attributes. Nil writes none.

  func set(_ name: String, _ value: String?) throws(FixtureError) {
    guard let value else { return }
    guard !value.utf8.contains(0) else {
      throw error(attribute: name, expected: "text without NUL", found: "\"\(value)\"")
    }
    try wrapped { () throws(HDF5Error) in try group.setAttribute(name, value) }
  }

  func set(_ name: String, _ value: Int?) throws(FixtureError) {
    guard let value else { return }
    try wrapped { () throws(HDF5Error) in try group.setAttribute(name, value) }
  }

  func set(_ name: String, _ value: Double?) throws(FixtureError) {
    guard let value else { return }
    try wrapped { () throws(HDF5Error) in try group.setAttribute(name, value) }
  }

  func set(_ name: String, _ value: Bool?) throws(FixtureError) {
    guard let value else { return }
    try wrapped { () throws(HDF5Error) in try group.setAttribute(name, value) }
  }

  func set(_ name: String, _ values: [String]) throws(FixtureError) {
    try wrapped { () throws(HDF5Error) in try group.setAttribute(name, values) }
  }

  /// The value as JSON, with keys in a fixed order.
  func set(_ name: String, json value: some Encodable) throws(FixtureError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text: String
    do { text = String(decoding: try encoder.encode(value), as: UTF8.self) } catch {
      throw self.error(attribute: name, expected: "what JSON can hold", found: "\(error)")
    }
    try set(name, text)
  }

  // MARK: Datasets

  /// A sequence `(T, B, D)`, window by window, in the type that it is stored in.
  func write(_ name: String, _ sequence: RecordedSequence) throws(FixtureError) {
    try write(
      name, sequence, shape: [sequence.timesteps, sequence.batch, sequence.features],
      as: sequence.storage)
  }

  /// A sequence whose rows are those of an array of another rank.
  func write(
    _ name: String, _ sequence: RecordedSequence, shape: [Int], as format: FloatFormat
  ) throws(FixtureError) {
    let dataset = try wrapped { () throws(HDF5Error) in
      try group.createDataset(name, shape: shape, storedAs: format.elementType)
    }
    guard !session.leavesUnwritten(dataset.path) else { return }
    for times in sequence.windows() {
      let values = sequence.window(times).elements
      if let failure = session.readFailures.first { throw failure }
      try wrapped { () throws(HDF5Error) in
        if format == .float64 {
          try dataset.write(values, rows: times)
        } else {
          try dataset.write(Float.rounded(values), rows: times)
        }
      }
    }
  }

  /// Values in memory.
  ///
  /// - Parameter format: one that holds them; nil for Float32, or where that does not hold them Float64.
  func write(
    _ name: String, _ values: [Double], shape: [Int], as format: FloatFormat? = nil
  ) throws(FixtureError) {
    let format = format ?? .storing(values)
    let path = path == "/" ? "/\(name)" : "\(self.path)/\(name)"
    try wrapped { () throws(HDF5Error) in
      if session.leavesUnwritten(path) {
        _ = try group.createDataset(name, shape: shape, storedAs: format.elementType)
      } else if format == .float64 {
        try group.write(name, values, shape: shape)
      } else {
        try group.write(name, Float.rounded(values), shape: shape, storedAs: format.elementType)
      }
    }
  }

  func write(_ name: String, _ matrix: Matrix<Double>, as format: FloatFormat? = nil) throws(FixtureError) {
    try write(name, matrix.elements, shape: [matrix.rows, matrix.columns], as: format)
  }

  func write(_ name: String, integers: [Int64], shape: [Int]) throws(FixtureError) {
    try wrapped { () throws(HDF5Error) in try group.write(name, integers, shape: shape) }
  }

  /// Which steps of an input beside it are valid; nothing where all are.
  func write(_ valid: ValidSteps) throws(FixtureError) {
    guard !valid.areAll else { return }
    if let lengths = valid.lengths {
      return try write("lengths", integers: lengths.map { Int64($0) }, shape: [lengths.count])
    }
    let mask = (0..<valid.timesteps).flatMap { t in (0..<valid.batch).map { valid.contains(t, $0) } }
    try wrapped { () throws(HDF5Error) in
      try group.write("mask", mask, shape: [valid.timesteps, valid.batch])
    }
  }

  // MARK: Errors

  func error(expected: String, found: String) -> FixtureError {
    session.error(path, expected: expected, found: found)
  }

  func error(attribute name: String, expected: String, found: String) -> FixtureError {
    FixtureError(
      file: session.file, path: path, problem: "attribute \(name): expected \(expected), found \(found)")
  }

  @discardableResult
  private func wrapped<Value>(_ access: () throws(HDF5Error) -> Value) throws(FixtureError) -> Value {
    do { return try access() } catch { throw FixtureError(error, file: session.file) }
  }
}
