import Foundation
import ReportContract
import Testing

@Suite(.timeLimit(.minutes(2))) struct OutputTests {
  private let fixture = BundledFixture.simple.path

  @Test("Each --output holds its --format's report, as standard output would have it")
  func files() async throws {
    let scratch = try Scratch()
    let parity = try ParityProcess(folder: scratch.folder)
    let outcome = try await parity(
      "report", fixture, "--format", "json", "--output", "a b.json", "--format", "terminal", "--output",
      "b.txt")
    #expect(outcome.status == 0)
    #expect(outcome.output == "")
    #expect(outcome.errors == "")
    #expect(try scratch.text("a b.json") == (try await parity("report", fixture, "--format", "json").output))
    #expect(try scratch.text("b.txt") == (try await parity("report", fixture).output))
    #expect(try scratch.names() == ["a b.json", "b.txt"])
  }

  @Test("The pairs may stand in any order, and a single --output needs no --format")
  func order() async throws {
    let scratch = try Scratch()
    let parity = try ParityProcess(folder: scratch.folder)
    _ = try await parity(
      "report", "--output", "a", "--output", "b", "--format", "terminal", "--format", "json", fixture)
    #expect(try scratch.text("a").hasPrefix("MATCH"))
    #expect(try scratch.text("b").hasPrefix("{"))
    _ = try await parity("report", fixture, "--output", "c")
    #expect(try scratch.text("c") == (try scratch.text("a")))
  }

  @Test("What is written is there also when the command fails")
  func flagged() async throws {
    let scratch = try Scratch()
    let outcome = try await ParityProcess()(
      "report", "absent.h5", "--format", "json", "--output", scratch.path("a"))
    #expect(outcome.status == 2)
    #expect(try ReportContract.violations(in: JSONValue(scratch.text("a"))) == [])
  }

  @Test(
    "A place that cannot be written to is status 2 and one line, and nothing is left there",
    arguments: [
      ("absent/a", "No such file or directory"), ("file/a", "Not a directory"), ("folder", "Is a directory"),
      ("", "No such file or directory"),
    ])
  func unwritable(_ place: String, _ reason: String) async throws {
    let scratch = try Scratch()
    try scratch.write("file", Data("as it was".utf8))
    try scratch.makeFolder("folder")
    let outcome = try await ParityProcess(folder: scratch.folder)("report", fixture, "--output", place)
    #expect(outcome.status == 2)
    #expect(outcome.output == "")
    #expect(outcome.errors == "parity: \(place): the report cannot be written: \(reason)\n")
    #expect(try scratch.names() == ["file", "folder"])
    #expect(try scratch.names(in: "folder") == [])
    #expect(try scratch.text("file") == "as it was")
  }

  @Test("A file that was there is replaced as a whole, keeps its permissions, and stays where a link leads")
  func replaced() async throws {
    let scratch = try Scratch()
    try scratch.makeFolder("folder")
    try scratch.write("folder/a", Data(repeating: UInt8(ascii: "x"), count: 100_000))
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: scratch.path("folder/a"))
    try scratch.link("link", to: "folder/a")
    let outcome = try await ParityProcess(folder: scratch.folder)("report", fixture, "--output", "link")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try scratch.text("folder/a") == (try await ParityProcess()("report", fixture).output))
    let attributes = try FileManager.default.attributesOfItem(atPath: scratch.path("folder/a"))
    #expect(attributes[.posixPermissions] as? Int == 0o640)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: scratch.path("link")) == "folder/a")
    #expect(try scratch.names(in: "folder") == ["a"])
  }

  @Test("A pipe is written into, not replaced")
  func pipe() async throws {
    let scratch = try Scratch()
    try #require(mkfifo(scratch.path("pipe"), 0o600) == 0)
    // Open for both, so that neither side waits; what a pipe holds is more than this report.
    let descriptor = open(scratch.path("pipe"), O_RDWR | O_NONBLOCK)
    try #require(descriptor >= 0)
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    let outcome = try await ParityProcess()("report", fixture, "--output", scratch.path("pipe"))
    #expect(outcome.status == 0, "\(outcome.errors)")
    let type =
      try FileManager.default.attributesOfItem(atPath: scratch.path("pipe"))[.type] as? FileAttributeType
    try #require(type != .typeRegular)
    #expect(String(decoding: handle.availableData, as: UTF8.self).hasPrefix("MATCH  1 case"))
  }

  @Test("A report that standard output does not take is status 2 and one line")
  func standardOutput() async throws {
    let scratch = try Scratch()
    let errors = try scratch.file("errors")
    let readOnly = try #require(FileHandle(forReadingAtPath: "/dev/null"))
    let status = try await ParityProcess().status(["report", fixture], output: readOnly, errors: errors)
    #expect(status == 2)
    #expect(
      try scratch.text("errors")
        == "parity: standard output: the report cannot be written: Bad file descriptor\n")
  }

  @Test("A reader that has seen enough ends the command quietly", arguments: ["json", "terminal"])
  func closedEarly(_ format: String) async throws {
    let scratch = try Scratch()
    let pipe = Pipe()
    try pipe.fileHandleForReading.close()
    let status = try await ParityProcess().status(
      ["report", "--format", format], output: pipe.fileHandleForWriting, errors: try scratch.file("errors"))
    #expect(status == 0 || status == 128 + SIGPIPE)
    #expect(try scratch.text("errors") == "")
  }

  @Test("The first line can be had through head")
  func head() async throws {
    var shell = try ParityProcess()
    let parity = shell.executable
    shell.executable = "/bin/sh"
    let outcome = try await shell("-c", "\"$0\" report --format json | head -1", parity)
    #expect(outcome.output == "{\n")
    #expect(outcome.errors == "")
  }
}
