import FixtureEditing
import Foundation
import ReportContract
import Testing

/// Several fixtures, judged as one case.
@Suite(.timeLimit(.minutes(2))) struct CompareTests {
  /// Keras alone, as a model of two layers with one layer's weights and states, under these names and labels.
  private func twins(_ scratch: Scratch, as file: String, names: [String], pairs: [String]? = nil) throws
    -> String
  {
    try scratch.changed(as: file) { tree in
      try tree.setAttribute("format_version", of: "/", to: 2)
      try tree.remove("/references/pytorch")
      let layers = "/references/keras/layers"
      tree.datasets["\(layers)/0/input"] = tree.datasets["/input"]
      try tree.remove("/input")
      for (path, value) in tree.groups where path.hasPrefix("\(layers)/0") {
        tree.groups["\(layers)/1" + path.dropFirst("\(layers)/0".count)] = value
      }
      for (path, value) in tree.datasets where path.hasPrefix("\(layers)/0/") {
        tree.datasets["\(layers)/1" + path.dropFirst("\(layers)/0".count)] = value
      }
      tree.groups["/references/keras/model"] = ["left_out": "[]"]
      for index in 0..<2 {
        try tree.setAttribute("name", of: "\(layers)/\(index)", to: .string(names[index]))
        if let pairs { try tree.setAttribute("pair", of: "\(layers)/\(index)", to: .string(pairs[index])) }
      }
    }
  }

  @Test("References of equal names are told apart, and each is held against each")
  func references() async throws {
    let path = BundledFixture.simple.path
    let outcome = try await ParityProcess()("compare", "--format", "json", path, path)
    #expect(outcome.status == 0 && outcome.errors == "")
    #expect(ReportContract.violations(in: try outcome.json) == [])
    let entry = try #require(outcome.cases.first)
    let names = entry["references"]?.elements.compactMap { $0["name"]?.string }
    #expect(names?.sorted() == ["keras", "keras-2", "pytorch", "pytorch-2"])
    #expect(entry["cross"]?.elements.count == 12)
    #expect(try outcome.cases.count == 1 && entry["verdict"] == .string("match"))
  }

  @Test("A file whose network is another is a mismatch, and fails the command")
  func mismatch() async throws {
    let scratch = try Scratch()
    let wrong = try scratch.changed(as: "wrong.h5") {
      $0.datasets["/references/keras/layers/0/forward/weights/bias"] =
        $0.datasets["/references/keras/layers/0/forward/weights/bias"].map { bias in
          var bias = bias
          bias.numbers[0] += 0.25
          return bias
        }
      try $0.remove("/references/pytorch")
    }
    let parity = try ParityProcess()
    let outcome = try await parity("compare", BundledFixture.simple.path, wrong)
    #expect(outcome.status == 1)
    #expect(outcome.firstLine.hasPrefix("MISMATCH  1 case"))
    let lenient = try await parity("compare", "--reference", "keras", BundledFixture.simple.path, wrong)
    #expect(lenient.status == 0)
  }

  @Test("Layers with equal weights are told apart by their order, and the report says so")
  func ambiguous() async throws {
    let scratch = try Scratch()
    let files = try [
      twins(scratch, as: "a.h5", names: ["a", "b"]), twins(scratch, as: "b.h5", names: ["c", "d"]),
    ]
    let outcome = try await ParityProcess()("compare", files[0], files[1])
    #expect(
      outcome.output.contains(
        "layers paired by weights; some have equal weights, and only their order tells them apart"))
    let json = try await ParityProcess()("compare", "--format", "json", files[0], files[1])
    let cross = try #require(json.cases.first?["cross"]?.elements)
    #expect(cross.count == 2)
    #expect(cross.allSatisfy { $0["paired_by"] == .string("weights") })
    #expect(cross.allSatisfy { $0["pairing_is_ambiguous"] == .bool(true) })
  }

  @Test("What the files say of pairs goes before names and weights, and the report says so")
  func declared() async throws {
    let scratch = try Scratch()
    let files = try [
      twins(scratch, as: "a.h5", names: ["a", "b"], pairs: ["x", "y"]),
      twins(scratch, as: "b.h5", names: ["a", "b"], pairs: ["y", "x"]),
    ]
    let outcome = try await ParityProcess()("compare", files[0], files[1])
    #expect(outcome.status == 0 && outcome.output.contains("\n    layers paired as the file says\n"))
    let json = try await ParityProcess()("compare", "--format", "json", files[0], files[1])
    let cross = try #require(json.cases.first?["cross"]?.elements)
    for check in cross {
      #expect(check["paired_by"] == .string("file") && check["paired_by_file"] == .number(2))
      #expect(check["layers"]?.elements.map { $0["other_layer"] } == [.number(1), .number(0)])
    }
    #expect(ReportContract.violations(in: try json.json) == [])
  }

  @Test("Fewer than two fixtures, one that is none, and a wrong option are refused")
  func refused() async throws {
    let parity = try ParityProcess()
    let path = BundledFixture.simple.path
    let alone = try await parity("compare", path)
    #expect(alone.status == 2)
    #expect(alone.errors == "parity: compare expects at least two fixtures, found 1\n")
    #expect(try await parity("compare").status == 64)
    #expect(try await parity("compare", "--fail-on", "nothing", path, path).status == 64)
    #expect(try await parity("compare", path, "absent.h5").status == 2)
    let scratch = try Scratch()
    let broken = try scratch.write("broken.h5", Data("no HDF5".utf8))
    let outcome = try await parity("compare", path, broken)
    #expect(outcome.status == 2 && outcome.firstLine == "INVALID  1 case: 1 invalid")
    #expect(outcome.output.contains("\(broken): /: "))
  }

  @Test("Files of one folder with one case name are judged apart, and that they could be joined is said")
  func joinable() async throws {
    let scratch = try Scratch()
    let files = try ["a.h5", "b.h5"].map { try scratch.copy(as: $0) }
    let folder = try await ParityProcess()("report", scratch.folder)
    #expect(folder.status == 0 && folder.firstLine == "MATCH  2 cases: 2 match")
    let line = "one case name, judged apart: parity compare \(files[0]) \(files[1]) judges them as one"
    #expect(folder.output.contains("\n\(line)\n"))
    let json = try await ParityProcess()("report", "--format", "json", scratch.folder)
    #expect(try json.json["could_be_joined"] == .array([.array(files.map { .string($0) })]))
    #expect(ReportContract.violations(in: try json.json) == [])
    // Of two folders, or of two names, they are not.
    try scratch.makeFolder("other")
    let other = try scratch.copy(as: "other/c.h5")
    let third = try scratch.copy(.bidirectional, as: "d.h5")
    let apart = try await ParityProcess()("report", "--format", "json", files[0], other, third)
    #expect(try apart.json["could_be_joined"] == nil)
  }
}
