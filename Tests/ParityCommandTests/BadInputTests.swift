import FixtureEditing
import Foundation
import ReportContract
import Testing

/// Something that is no fixture, and what has to be said of it.
struct BadInput: CustomTestStringConvertible, Sendable {
  let testDescription: String
  /// Part of the error.
  let complaint: String
  /// Makes it in the folder, and answers with its name.
  let make: @Sendable (Scratch) throws -> String

  init(_ description: String, _ complaint: String, _ make: @escaping @Sendable (Scratch) throws -> String) {
    testDescription = description
    self.complaint = complaint
    self.make = make
  }

  /// A bundled fixture, changed.
  init(
    _ description: String, _ complaint: String, change: @escaping @Sendable (inout FixtureTree) throws -> Void
  ) {
    self.init(description, complaint) { scratch in
      try scratch.changed(as: "bad.h5", change)
      return "bad.h5"
    }
  }

  static let files = [
    BadInput("a missing path", "no such file") { _ in "bad.h5" },
    BadInput("a path through a file", "no such file") { scratch in
      try scratch.write("file")
      return "file/bad.h5"
    },
    BadInput("an empty folder", "expected a folder with *.h5, found none") { scratch in
      try scratch.makeFolder("bad.h5")
      return "bad.h5"
    },
    BadInput("a folder with a folder that is called as a fixture", "is a directory") { scratch in
      try scratch.makeFolder("folder/bad.h5")
      return "folder"
    },
    BadInput("an empty file", "not an HDF5 file") { scratch in
      try scratch.write("bad.h5")
      return "bad.h5"
    },
    BadInput("a text file", "not an HDF5 file") { scratch in
      try scratch.write("bad.h5", Data("no fixture\n".utf8))
      return "bad.h5"
    },
    BadInput("a truncated file", "truncated") { scratch in
      let whole = try Data(contentsOf: URL(fileURLWithPath: BundledFixture.simple.path))
      try scratch.write("bad.h5", whole.prefix(whole.count / 2))
      return "bad.h5"
    },
    BadInput("a folder with a link to itself", "symbolic links") { scratch in
      try scratch.makeFolder("folder")
      try scratch.link("folder/bad.h5", to: "bad.h5")
      return "folder"
    },
    BadInput("a link to nothing", "no such file") { scratch in
      try scratch.link("bad.h5", to: "absent.h5")
      return "bad.h5"
    },
    BadInput("a device", "not a regular file") { _ in "/dev/null" },
    BadInput("a device that never ends", "not a regular file") { _ in "/dev/zero" },
    BadInput("a named pipe", "not a regular file") { scratch in
      try #require(mkfifo(scratch.path("bad.h5"), 0o600) == 0)
      return "bad.h5"
    },
    BadInput("a socket", "not a regular file") { scratch in
      try scratch.listen("bad.h5")
      return "bad.h5"
    },
    BadInput("a name that is too long", "no such file") { _ in String(repeating: "x", count: 300) + ".h5" },
    BadInput("a folder without *.h5", "expected a folder with *.h5, found none") { scratch in
      try scratch.makeFolder("folder")
      try scratch.write("folder/notes.txt")
      return "folder"
    },
  ]

  static let fixtures = [
    BadInput("another format", "expected \"rnn-parity-fixture\", found \"other\"") {
      try $0.setAttribute("format", of: "/", to: "other")
    },
    BadInput("a newer version", "attribute format_version: expected 1") {
      try $0.setAttribute("format_version", of: "/", to: 3)
    },
    BadInput("no input", "/input") { try $0.remove("/input") },
    BadInput("no references", "/references") { try $0.remove("/references") },
    BadInput("no weights", "/references/keras/layers/0/forward/weights") {
      try $0.remove("/references/keras/layers/0/forward/weights")
    },
    BadInput("a weight that nothing reads", "/references/keras/layers/0/forward/weights/gamma") {
      $0.datasets["/references/keras/layers/0/forward/weights/gamma"] = DatasetValue([1, 2], shape: [2])
    },
    BadInput("a weight of the wrong shape", "/references/keras/layers/0/forward/weights/bias") {
      $0.datasets["/references/keras/layers/0/forward/weights/bias"] = DatasetValue([1, 2], shape: [2])
    },
    BadInput("a weight that is no number", "/references/keras/layers/0/forward/weights/bias: expected finite")
    {
      try $0.change("/references/keras/layers/0/forward/weights/bias", at: 3) { _ in .nan }
    },
    BadInput("an input of the wrong rank", "/input: expected rank 3") {
      $0.datasets["/input"] = DatasetValue([1, 2], shape: [2])
    },
    BadInput("an unknown cell", "found \"perceptron\"") {
      try $0.setAttribute("cell", of: "/references/keras/layers/0", to: "perceptron")
    },
    BadInput("an unknown activation", "found \"swish\\n\"") {
      try $0.setAttribute("activation", of: "/references/keras/layers/0", to: "swish\n")
    },
    BadInput("a size of another type", "hidden_size") {
      try $0.setAttribute("hidden_size", of: "/references/keras/layers/0", to: "seven")
    },
  ]
}

@Suite(.timeLimit(.minutes(2))) struct BadInputTests {
  @Test(
    "What is no fixture is status 2 and one clear line, and what is named beside it is judged",
    arguments: BadInput.files + BadInput.fixtures)
  func badInput(_ input: BadInput) async throws {
    let scratch = try Scratch()
    try scratch.copy(as: "good.h5")
    let path = try input.make(scratch)
    let parity = try ParityProcess(folder: scratch.folder)

    let json = try await parity("report", "--format", "json", path, "good.h5")
    #expect(json.status == 2)
    #expect(json.errors == "")
    #expect(try ReportContract.violations(in: json.json) == [])
    let cases = try json.cases
    try #require(cases.count == 2)
    let error = try #require(cases[0]["error"]?.string)
    #expect(error.contains(path))
    #expect(cases[1]["verdict"] == .string("match"))

    let text = try await parity("report", path, "good.h5")
    #expect(text.status == 2)
    #expect(text.errors == "")
    let lines = text.output.split(separator: "\n")
    let line = try #require(lines.firstIndex { $0.contains(input.complaint) }, "\(text.output)")
    #expect(lines[line].hasPrefix("  \(path)"))
    #expect(lines[line - 1].hasSuffix(" · invalid"))
    #expect(lines[line + 1].hasPrefix("simplernn-tanh · match"))
  }

  @Test("A file name of nothing is told as such")
  func emptyName() async throws {
    let outcome = try await ParityProcess()("report", "")
    #expect(outcome.status == 2)
    #expect(outcome.errors == "")
    #expect(outcome.output.contains("\n  \"\": /: no such file or folder\n"), "\(outcome.output)")
  }

  /// Permissions do not count for root.
  @Test("A file and a folder that may not be read are refused by name", .enabled(if: geteuid() != 0))
  func unreadable() async throws {
    let scratch = try Scratch()
    try scratch.copy(as: "bad.h5")
    try scratch.makeFolder("folder")
    try #require(chmod(scratch.path("bad.h5"), 0) == 0 && chmod(scratch.path("folder"), 0) == 0)
    defer { chmod(scratch.path("folder"), 0o700) }
    let outcome = try await ParityProcess(folder: scratch.folder)("report", "bad.h5", "folder")
    #expect(outcome.status == 2)
    #expect(outcome.output.contains("\n  bad.h5: /: cannot open file: permission denied\n"))
    #expect(outcome.output.contains("\n  folder: /: the folder cannot be read\n"))
  }

  @Test("A folder that changes while it is read gives a result for each file that was there")
  func changingFolder() async throws {
    let scratch = try Scratch()
    let names = (0..<40).map { "\($0).h5" }
    for name in names { try scratch.copy(as: name) }
    let changes = Task.detached {
      for name in names.reversed() {
        try? FileManager.default.removeItem(atPath: scratch.path(name))
        try? Data("no fixture".utf8).write(to: URL(fileURLWithPath: scratch.path("new-" + name)))
        usleep(500)
      }
    }
    let outcome = try await ParityProcess()("report", "--format", "json", scratch.folder)
    await changes.value
    #expect([0, 2].contains(outcome.status))
    #expect(outcome.errors == "")
    for result in try outcome.cases {
      let error = result["error"]?.string
      #expect(
        result["verdict"] == .string("match") || error?.contains("no such file") == true
          || error?.contains("not an HDF5 file") == true || error?.contains("the folder") == true,
        "\(error ?? "")")
    }
  }

  @Test("In a folder of good and bad files each is judged by itself, in the order of their names")
  func mixedFolder() async throws {
    let scratch = try Scratch()
    try scratch.copy(.simple, as: "a.h5")
    try scratch.write("b.h5", Data("no fixture\n".utf8))
    try scratch.copy(.bidirectional, as: "c.h5")
    try scratch.write("d.h5")
    let outcome = try await ParityProcess(folder: scratch.folder)("report", "--format", "json", ".")
    #expect(outcome.status == 2)
    let cases = try outcome.cases
    #expect(cases.compactMap { $0["case"]?.string } == ["simplernn-tanh", "b", "birnn-tanh", "d"])
    #expect(cases.compactMap { $0["verdict"]?.string } == ["match", "invalid", "match", "invalid"])
  }

  @Test("Wherever a file ends too early, that is invalid input and no crash")
  func truncated() async throws {
    let whole = try Data(contentsOf: URL(fileURLWithPath: BundledFixture.simple.path))
    let scratch = try Scratch()
    let sizes = Array(stride(from: 1, to: whole.count, by: whole.count / 24))
    for size in sizes { try scratch.write("\(size).h5", whole.prefix(size)) }
    let outcome = try await ParityProcess()("report", scratch.folder)
    #expect(outcome.status == 2)
    #expect(outcome.firstLine == "INVALID  \(sizes.count) cases: \(sizes.count) invalid")
    #expect(outcome.errors == "")
  }
}
