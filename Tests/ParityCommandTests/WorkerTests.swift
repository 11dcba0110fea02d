import Foundation
import ReportContract
import Testing

/// Files are judged in processes of their own.
@Suite(.timeLimit(.minutes(3))) struct WorkerTests {
  /// A file whose first local heap has a list of free blocks that leads back to itself: HDF5 goes on for ever, and
  /// keeps what it finds.
  private func endless(_ scratch: Scratch, as name: String) throws {
    var bytes = try Data(contentsOf: URL(fileURLWithPath: BundledFixture(name: "simplegru-relu").path))
    let heap = try #require(bytes.range(of: Data("HEAP".utf8))).lowerBound
    func number(at offset: Int) -> Int {
      bytes[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    let (first, segment) = (number(at: heap + 16), number(at: heap + 24))
    for index in 0..<8 { bytes[segment + first + index] = UInt8(first >> (8 * index) & 0xFF) }
    try scratch.write(name, bytes)
  }

  @Test("What takes memory without end is ended at the limit, and the files beside it are judged")
  func endlessMemory() async throws {
    let scratch = try Scratch()
    try scratch.copy(as: "a.h5")
    try endless(scratch, as: "b.h5")
    try scratch.copy(.bidirectional, as: "c.h5")
    let parity = try ParityProcess(folder: scratch.folder)
    for command in [["report"], ["diagnose"], ["inspect"]] {
      let outcome = try await parity.run(command + ["--memory-limit", "300M", "."])
      #expect(outcome.status == 2)
      let said = outcome.output + outcome.errors
      #expect(said.contains("./b.h5: "), "\(said)")
      #expect(said.contains("memory"), "\(said)")
      #expect(outcome.output.contains("simplernn-tanh") && outcome.output.contains("birnn-tanh"))
      if command == ["report"] { #expect(outcome.firstLine == "INVALID  3 cases: 1 invalid, 2 match") }
    }
  }

  @Test("A file that takes longer than --timeout is named, whoever has it in hand, and nothing waits for it")
  func timeout() async throws {
    let scratch = try Scratch()
    for name in ["a.h5", "b.h5"] { try scratch.copy(as: name) }
    let parity = try ParityProcess(folder: scratch.folder)
    let outcome = try await parity("report", "--timeout", "0.0001", ".")
    #expect(outcome.status == 2)
    #expect(outcome.errors == "")
    #expect(outcome.firstLine == "INVALID  2 cases: 2 invalid")
    for name in ["a", "b"] {
      #expect(
        outcome.output.contains(
          "\n  ./\(name).h5: /: not judged: it took longer than --timeout 0.0001 seconds\n"))
    }
    #expect(try await parity("report", "--timeout", "300", ".").status == 0)
  }

  @Test("A comparison that cannot be made names the file that it failed on")
  func comparison() async throws {
    let scratch = try Scratch()
    try scratch.copy(as: "a.h5")
    try endless(scratch, as: "b.h5")
    let outcome = try await ParityProcess(folder: scratch.folder)(
      "compare", "--memory-limit", "300M", "a.h5", "b.h5")
    #expect(outcome.status == 2)
    #expect(outcome.errors == "")
    #expect(outcome.output.contains("\n  b.h5: "), "\(outcome.output)")
  }

  @Test(
    "The report is the same byte for byte, however many files are judged at a time",
    arguments: ["terminal", "json"])
  func jobs(_ format: String) async throws {
    let scratch = try Scratch()
    for (index, fixture) in ["lstm-onnx-options", "birnn-tanh", "stackedrnn-tanh"].enumerated() {
      for copy in 0..<4 {
        try scratch.copy(BundledFixture(name: fixture), as: "\(copy)-\(index).h5")
      }
    }
    try scratch.write("1-bad.h5", Data("no fixture".utf8))
    try endless(scratch, as: "2-bad.h5")
    let parity = try ParityProcess(folder: scratch.folder)
    let arguments = ["report", "--format", format, "--memory-limit", "300M", BundledFixture.departures, "."]
    let one = try await parity.run(arguments + ["--jobs", "1"])
    #expect(one.status == 2)
    for jobs in ["2", "7"] {
      let many = try await parity.run(arguments + ["--jobs", jobs])
      #expect(many.output == one.output && many.errors == one.errors && many.status == one.status)
    }
  }

  @Test(
    "What the processes may have is a number that makes sense",
    arguments: [
      ["--jobs", "0"], ["--jobs", "two"], ["--memory-limit", "much"], ["--memory-limit", "0"],
      ["--memory-limit", "1M"], ["--timeout", "0"], ["--timeout", "nan"], ["--timeout", "-1"],
    ])
  func options(_ arguments: [String]) async throws {
    let outcome = try await ParityProcess().run(["report", BundledFixture.simple.path] + arguments)
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains(arguments[0]))
  }

  @Test(
    "A limit of memory may be given in any unit",
    arguments: ["1G", "1.5GiB", "900M", "1000000K", "2000000000"])
  func units(_ limit: String) async throws {
    let outcome = try await ParityProcess()("report", BundledFixture.simple.path, "--memory-limit", limit)
    #expect(outcome.status == 0)
  }
}
