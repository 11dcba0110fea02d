import Foundation
import ReportContract
import Testing

/// Files in which bytes of HDF5's own structures are wrong.
@Suite(.timeLimit(.minutes(2))) struct DamagedInputTests {
  /// HDF5 1.10.8 crashes on some of these; whether it does or complains, that is one line for this file.
  @Test(
    "On whatever damaged address HDF5 stumbles, the file is refused or judged, and so are those beside it")
  func damagedAddresses() async throws {
    let scratch = try Scratch()
    let whole = try Data(contentsOf: URL(fileURLWithPath: BundledFixture.simple.path))
    // An address that leads nowhere is all ones.
    let nowhere = Data(repeating: 0xFF, count: 8)
    var places: [Int] = []
    var rest = whole.startIndex..<whole.endIndex
    while let found = whole.range(of: nowhere, in: rest) {
      places.append(found.lowerBound)
      rest = found.upperBound..<whole.endIndex
    }
    let chosen = places.enumerated().filter { $0.offset % max(1, places.count / 24) == 0 }.map(\.element)
    try #require(chosen.count >= 12)
    for (index, place) in chosen.enumerated() {
      var bytes = whole
      bytes[place + index % 8] = 0x80
      try scratch.write("damaged-\(index).h5", bytes)
    }
    try scratch.copy(.bidirectional, as: "good.h5")
    let parity = try ParityProcess(folder: scratch.folder)

    let report = try await parity("report", "--format", "json", ".")
    #expect(report.status == 2)
    #expect(report.errors == "")
    #expect(try ReportContract.violations(in: report.json) == [])
    let cases = try report.cases
    #expect(cases.count == chosen.count + 1)
    #expect(cases.last?["verdict"] == .string("match"))
    for refused in cases.compactMap({ $0["error"]?.string }) {
      #expect(refused.hasPrefix("./damaged-") && !refused.contains("\n"))
    }

    let diagnosis = try await parity("diagnose", ".")
    #expect(diagnosis.status == 2)
    #expect(diagnosis.errors == "")
    let sections = diagnosis.output.split(separator: "\n").filter { !$0.hasPrefix(" ") }
    #expect(sections.count == cases.count)
    #expect(sections.last == "birnn-tanh · match")

    let inspection = try await parity("inspect", ".")
    #expect(inspection.status == 2)
    #expect(inspection.output.contains("birnn-tanh · ./good.h5\n"))
    let lines = inspection.errors.split(separator: "\n")
    #expect(!lines.isEmpty && lines.allSatisfy { $0.hasPrefix("parity: ./damaged-") })
    #expect(Set(lines).count == lines.count)
  }
}
