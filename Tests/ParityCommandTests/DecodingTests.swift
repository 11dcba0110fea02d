import Foundation
import ParityReport
import Testing

/// What the command writes is what the library reads.
@Suite(.timeLimit(.minutes(2))) struct DecodingTests {
  @Test(
    "The JSON of all bundled fixtures, departures and public faults is decoded, and encoded to the same bytes",
    arguments: ["", "departures", "known-bugs"])
  func bundled(_ folder: String) async throws {
    let path = BundledFixture.folder + "/" + folder
    let outcome = try await ParityProcess()("report", path, "--format", "json")
    let report = try Report.decoded(from: Data(outcome.output.utf8))
    #expect(report.cases.count > 20)
    #expect(report.verdict == (folder.isEmpty ? "match" : "mismatch"))
    let isSame = try String(decoding: report.encoded(), as: UTF8.self) == outcome.output
    #expect(isSame)
  }

  @Test("So is that of damaged files")
  func damaged() async throws {
    let scratch = try Scratch()
    try scratch.copy(as: "honest.h5")
    try scratch.write("damaged.h5", Data("none".utf8))
    let outcome = try await ParityProcess(folder: scratch.folder)("report", ".", "--format", "json")
    let report = try Report.decoded(from: Data(outcome.output.utf8))
    #expect(report.cases.map { $0.error == nil } == [false, true])
    #expect(try String(decoding: report.encoded(), as: UTF8.self) == outcome.output)
  }
}
