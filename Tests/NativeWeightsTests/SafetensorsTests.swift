import Recurrent
import Testing

@testable import NativeWeights

@Suite struct SafetensorsTests {
  @Test("Every format of floats is read exactly", arguments: ["F64", "F32", "F16", "BF16"])
  func formats(_ type: String) throws {
    let scratch = try Scratch()
    let tensor = TestTensor("head.weight", [2, 3], [0, -0.5, 0.25, 0.015625, -0.984375, 0.75])
    let path = try scratch.write("a.safetensors", Safetensors([tensor], type: type).bytes)
    let file = try WeightFile(contentsOf: path)
    #expect(file.layers.isEmpty && file.others.map(\.name) == ["head.weight"])
    let matrix: Matrix<Double> = try file.matrix("head.weight")
    #expect(matrix.elements == tensor.values && matrix.rows == 2)
  }

  @Test("Metadata and integers are no obstacle; integers are listed and not read as weights")
  func others() throws {
    let scratch = try Scratch()
    let header =
      #"{"__metadata__":{"format":"pt"},"steps":{"dtype":"I64","shape":[],"data_offsets":[0,8]}}  "#
    let path = try scratch.write(
      "a.safetensors", Safetensors(header: header, data: [UInt8](repeating: 0, count: 8)).bytes)
    let file = try WeightFile(contentsOf: path)
    #expect(file.others.map(\.elementType) == ["int64"])
    #expect(throws: WeightFileError.self) { try file.tensor("steps").values() }
  }

  struct Hostile: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let says: String

    init(_ description: String, says: String, header: String, data: Int = 0, length: UInt64? = nil) {
      testDescription = description
      self.says = says
      bytes = Safetensors(header: header, data: [UInt8](repeating: 0, count: data), length: length).bytes
    }

    static func entry(_ name: String, _ shape: String, _ offsets: String, type: String = "F32") -> String {
      "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}"
    }

    static let all = [
      Hostile("a header longer than the file", says: "at most 2 bytes", header: "{}", length: 3),
      Hostile("a huge header", says: "at most 2 bytes", header: "{}", length: .max),
      Hostile(
        "offsets beyond the file", says: "data within", header: "{" + entry("a", "[2]", "[0,8]") + "}",
        data: 4),
      Hostile(
        "offsets that run back", says: "data within", header: "{" + entry("a", "[0]", "[4,0]") + "}", data: 4),
      Hostile(
        "overlapping offsets", says: "data that begin where those before end",
        header: "{" + entry("a", "[2]", "[0,8]") + "," + entry("b", "[2]", "[4,12]") + "}", data: 12),
      Hostile(
        "a hole", says: "data that begin where", header: "{" + entry("a", "[1]", "[4,8]") + "}", data: 8),
      Hostile(
        "bytes behind", says: "as the header says", header: "{" + entry("a", "[1]", "[0,4]") + "}", data: 8),
      Hostile(
        "a name twice", says: "\"a\" twice",
        header: "{" + entry("a", "[1]", "[0,4]") + "," + entry("a", "[1]", "[4,8]") + "}", data: 8),
      Hostile(
        "a shape that is more than its bytes", says: "16 bytes for F32",
        header: "{" + entry("a", "[4]", "[0,4]") + "}", data: 4),
      Hostile(
        "a shape beyond all integers", says: "more bytes",
        header: "{" + entry("a", "[4611686018427387904,4611686018427387904]", "[0,4]") + "}", data: 4),
      Hostile(
        "more axes than any array", says: "at most 32",
        header: "{" + entry("a", "[\((0..<40).map { _ in "1" }.joined(separator: ","))]", "[0,4]") + "}",
        data: 4),
      Hostile(
        "a number that is no count", says: "an integer", header: "{" + entry("a", "[-1]", "[0,4]") + "}",
        data: 4),
      Hostile("no type", says: "dtype", header: "{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}}", data: 4),
      Hostile("another member", says: "dtype", header: "{\"a\":{\"dtype\":\"F32\",\"x\":1}}"),
      Hostile("no JSON", says: "the end of a string", header: "{\"a"),
    ]
  }

  @Test(
    "A file that contradicts itself is refused in words before anything is allocated", arguments: Hostile.all)
  func hostile(_ file: Hostile) throws {
    let scratch = try Scratch()
    let path = try scratch.write("a.safetensors", file.bytes)
    let error = #expect(throws: WeightFileError.self) { try WeightFile(contentsOf: path) }
    #expect(
      error?.expected.contains(file.says) == true || error?.found.contains(file.says) == true,
      "\(error as Any)")
  }

  @Test("A file that is cut off anywhere is refused")
  func cut() throws {
    let scratch = try Scratch()
    let bytes = Safetensors([TestTensor("weight_ih_l0", 4, 2), TestTensor("weight_hh_l0", 4, 1)]).bytes
    for count in bytes.indices {
      let path = try scratch.write("a.safetensors", Array(bytes.prefix(count)))
      #expect(throws: WeightFileError.self) { try WeightFile(contentsOf: path) }
    }
  }

  @Test("A weight that is not finite is refused by its name and place")
  func notFinite() throws {
    let scratch = try Scratch()
    var weights = TestTensor("weight_ih_l0", 4, 2)
    weights.values[5] = .nan
    let path = try scratch.safetensors([weights, TestTensor("weight_hh_l0", 4, 1)])
    let error = #expect(throws: WeightFileError.self) { try Network<Float>(contentsOf: path) }
    #expect(error?.path == "weight_ih_l0" && error?.found == "nan at [2, 1]")
  }
}
