import Foundation
import HDF5
import NativeWeights

/// A folder of its own for a test, which is removed when the test is over.
final class Scratch: Sendable {
  private let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "weights-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { folder + "/" + name }

  /// A file of these bytes.
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
    return path(name)
  }

  /// A `.safetensors` of these arrays.
  func safetensors(_ tensors: [TestTensor], name: String = "a.safetensors") throws -> String {
    try write(name, Safetensors(tensors).bytes)
  }

  /// An HDF5 file.
  func hdf5(_ name: String = "a.h5", _ write: (Group) throws -> Void) throws -> String {
    let file = try File(creating: path(name))
    try write(file.root)
    try file.close()
    return path(name)
  }
}

/// An array that a test writes.
struct TestTensor {
  var name: String
  var shape: [Int]
  var values: [Double]

  init(_ name: String, _ shape: [Int], _ values: [Double]) {
    (self.name, self.shape, self.values) = (name, shape, values)
  }

  /// Distinct small values, which Float16 and bfloat16 hold exactly.
  init(_ name: String, _ shape: Int..., from start: Int = 1) {
    let count = shape.reduce(1, *)
    self.init(name, shape, (0..<count).map { Double(($0 + start) % 64 - 32) / 64 })
  }
}

/// The bytes of a `.safetensors`, written by the format's description and not by the code under test.
struct Safetensors {
  let bytes: [UInt8]

  init(_ tensors: [TestTensor], type: String = "F32", metadata: String? = nil) {
    var data: [UInt8] = []
    var entries = metadata.map { ["\"__metadata__\":\($0)"] } ?? []
    for tensor in tensors {
      let start = data.count
      for value in tensor.values {
        switch type {
        case "F64": withUnsafeBytes(of: value.bitPattern.littleEndian) { data += $0 }
        case "F16":
          // The values that tests write are multiples of 1/64 below 1: no subnormal numbers, no rounding.
          let exponent = value == 0 ? 0 : Int(value.magnitude.exponent) + 15
          let fraction = value == 0 ? 0 : Int((value.magnitude.significand - 1) * 1024)
          let bits = UInt16((value < 0 ? 1 << 15 : 0) | exponent << 10 | fraction)
          withUnsafeBytes(of: bits.littleEndian) { data += $0 }
        case "BF16":
          withUnsafeBytes(of: UInt16(Float(value).bitPattern >> 16).littleEndian) { data += $0 }
        default: withUnsafeBytes(of: Float(value).bitPattern.littleEndian) { data += $0 }
        }
      }
      entries.append(
        "\"\(tensor.name)\":{\"dtype\":\"\(type)\",\"shape\":\(tensor.shape),\"data_offsets\":[\(start),\(data.count)]}"
      )
    }
    self.init(header: "{" + entries.joined(separator: ",") + "}", data: data)
  }

  /// - Parameter length: what the file says of the header; nil for the truth.
  init(header: String, data: [UInt8] = [], length: UInt64? = nil) {
    let header = Array(header.utf8)
    bytes = withUnsafeBytes(of: (length ?? UInt64(header.count)).littleEndian) { Array($0) } + header + data
  }
}
