import Foundation
import Testing

/// The commands on files of weights.
@Suite(.timeLimit(.minutes(2))) struct WeightFileTests {
  /// A `.safetensors` of an LSTM, H = 1 and I = 2, and a dense head; `change` is added to its last recurrent weight.
  private func safetensors(_ scratch: Scratch, _ name: String, change: Float = 0) throws -> String {
    let tensors: [(String, [Int])] = [
      ("rnn.weight_ih_l0", [4, 2]), ("rnn.weight_hh_l0", [4, 1]), ("head.weight", [1, 1]),
    ]
    var values = (0..<13).map { Float($0) / 16 - 0.3 }
    values[11] += change
    var start = 0
    let entries = tensors.map { name, shape in
      let end = start + 4 * shape.reduce(1, *)
      defer { start = end }
      return "\"\(name)\":{\"dtype\":\"F32\",\"shape\":\(shape),\"data_offsets\":[\(start),\(end)]}"
    }
    let header = Array("{\(entries.joined(separator: ","))}".utf8)
    let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
    let data = values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }
    return try scratch.write(name, Data(length + header + data))
  }

  @Test("inspect tells layers, cells, shapes and what is no layer, for a person and for a program")
  func inspect() async throws {
    let scratch = try Scratch()
    let path = try safetensors(scratch, "a.safetensors")
    let outcome = try await ParityProcess()("inspect", path)
    #expect(outcome.status == 0 && outcome.errors == "")
    #expect(
      outcome.firstLine == "\(path) · safetensors, convention pytorch, 12 parameters in 1 recurrent layer")
    #expect(outcome.output.contains("rnn.l0") && outcome.output.contains("head.weight"))
    let json = try await ParityProcess()("inspect", path, "--format", "json")
    let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    let files = try #require(object?["files"] as? [[String: Any]])
    let layer = try #require((files.first?["layers"] as? [[String: Any]])?.first)
    let pass = try #require((layer["passes"] as? [[String: Any]])?.first)
    #expect(pass["cell"] as? String == "lstm" && pass["hiddenSize"] as? Int == 1)
    #expect(layer["reads"] == nil && files.first?["format"] as? String == "safetensors")
  }

  @Test("inspect writes a fixture for programs too")
  func fixtureJSON() async throws {
    let outcome = try await ParityProcess()(
      "inspect", "--format", "json", BundledFixture.simple.path, BundledFixture(name: "simplelstm").path)
    let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    let files = try #require(object?["files"] as? [[String: Any]])
    #expect(files.count == 2 && files[1]["name"] as? String == "simplelstm")
  }

  @Test("compare tells the same network from another, by its status and by the parameter")
  func compare() async throws {
    let scratch = try Scratch()
    let a = try safetensors(scratch, "a.safetensors")
    let same = try await ParityProcess()("compare", a, safetensors(scratch, "b.safetensors"))
    #expect(same.status == 0 && same.firstLine.hasPrefix("SAME") && same.errors == "")
    let c = try safetensors(scratch, "c.safetensors", change: 0.01)
    let other = try await ParityProcess()("compare", a, c)
    #expect(other.status == 1 && other.firstLine.hasPrefix("DIFFERENT"))
    #expect(other.output.contains("weight_hh[o] at [0, 0]: 0.3875 and 0.39749998, 1.0e-02 apart"))
    let json = try await ParityProcess()("compare", a, c, "--format", "json")
    let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect(json.status == 1 && object?["agreement"] as? String == "different")
  }

  @Test("compare takes a fixture by its reference beside a weight file, and judges two fixtures as ever")
  func compareFixture() async throws {
    let scratch = try Scratch()
    let a = try safetensors(scratch, "a.safetensors")
    let fixture = BundledFixture(name: "simplelstm").path
    let unnamed = try await ParityProcess()("compare", a, fixture)
    #expect(unnamed.status == 2 && unnamed.errors.contains("one of keras, pytorch"))
    let named = try await ParityProcess()("compare", a, fixture, "--reference", "pytorch")
    #expect(named.status == 1 && named.output.contains("only in"))
    let fixtures = try await ParityProcess()("compare", fixture, fixture)
    #expect(fixtures.status == 0 && fixtures.output.contains("match"))
  }

  @Test("A damaged weight file is refused by its name, and costs the others nothing")
  func damaged() async throws {
    let scratch = try Scratch()
    let a = try safetensors(scratch, "a.safetensors")
    let cut = try scratch.write(
      "cut.safetensors", Data(contentsOf: URL(fileURLWithPath: a)).dropLast())
    let outcome = try await ParityProcess()("inspect", cut, a)
    #expect(outcome.status == 2 && outcome.output.contains("rnn.l0"))
    #expect(outcome.errors.hasPrefix("parity: \(cut): ") && outcome.errors.count(where: \.isNewline) == 1)
    #expect(try await ParityProcess()("compare", a, cut).status == 2)
  }

  @Test("report says what to do with weights, and the converter's line where there is one")
  func report() async throws {
    let scratch = try Scratch()
    let path = try safetensors(scratch, "a.safetensors")
    let outcome = try await ParityProcess()("report", path)
    #expect(outcome.status == 2 && outcome.output.contains("parity inspect"))
    let archive = try scratch.write(
      "a.pt",
      Data(
        Array("PK\u{3}\u{4}".utf8) + [UInt8](repeating: 0, count: 22) + [16, 0, 0, 0]
          + Array("archive/data.pkl".utf8)))
    for command in ["report", "inspect"] {
      let outcome = try await ParityProcess()(command, archive)
      #expect(outcome.status == 2)
      #expect(
        (outcome.output + outcome.errors).contains("python -m rnn_parity convert \(archive) weights.h5"))
    }
  }
}
