import Foundation
import FixtureEditing
import ReportContract
import Testing

@Suite(.timeLimit(.minutes(2))) struct ReportTests {
  @Test("Without a path the bundled fixtures are judged, and all of them match")
  func bundled() async throws {
    let names = try BundledFixture.manifest().filter { !$0.isDeparture }.map(\.name)
    let outcome = try await ParityProcess()("report")
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    #expect(outcome.firstLine == "MATCH  \(names.count) cases: \(names.count) match")
    for name in names { #expect(outcome.output.contains("\n\(name) · match · T = "), "\(name)") }
  }

  @Test("The bundled fixtures are those of the manifest, each with the references that it lists")
  func bundledCases() async throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: BundledFixture.folder)
      .filter { $0.hasSuffix(".h5") }.map { String($0.dropLast(3)) }
    let listed = try BundledFixture.manifest().filter { !$0.isDeparture }
    let cases = try await ParityProcess()("report", "--format", "json").cases
    #expect(cases.compactMap { $0["case"]?.string }.sorted() == listed.map(\.name).sorted())
    #expect(files.sorted() == listed.map(\.name).sorted())
    for entry in cases {
      let references = try #require(entry["references"]).elements.compactMap { $0["name"]?.string }
      let expected = listed.first { .string($0.name) == entry["case"] }?.references ?? references
      #expect(references == expected.sorted(), "\(entry["case"]?.string ?? "")")
      #expect(entry["cross"]?.elements.count == references.count * (references.count - 1))
    }
  }

  @Test("A file, a folder and several of either are judged in the order in which they are named")
  func paths() async throws {
    let scratch = try Scratch()
    try scratch.makeFolder("folder")
    try scratch.copy(.stacked, as: "folder/b.h5")
    try scratch.copy(.simple, as: "folder/a.h5")
    try scratch.write("folder/notes.txt", Data("not judged".utf8))
    try scratch.copy(.bidirectional, as: "c.h5")
    let parity = try ParityProcess(folder: scratch.folder)

    for (paths, files) in [
      (["c.h5"], ["c.h5"]), (["folder"], ["folder/a.h5", "folder/b.h5"]),
      (["folder/"], ["folder/a.h5", "folder/b.h5"]),
      (["folder/b.h5", "c.h5", "folder"], ["folder/b.h5", "c.h5", "folder/a.h5", "folder/b.h5"]),
      ([scratch.path("c.h5")], [scratch.path("c.h5")]), (["./folder/../c.h5"], ["./folder/../c.h5"]),
    ] {
      let outcome = try await parity.run(["report", "--format", "json"] + paths)
      #expect(outcome.status == 0)
      #expect(try outcome.cases.compactMap { $0["file"]?.string } == files)
      #expect(outcome.errors == "")
    }
  }

  @Test("The JSON report keeps the contract, for what matches, what is flagged and what is broken")
  func contract() async throws {
    let scratch = try Scratch()
    try scratch.copy(as: "good.h5")
    try scratch.changed(as: "flagged.h5") {
      try $0.change("/references/keras/layers/0/forward/h", at: 40) { $0 + 1 }
    }
    try scratch.changed(as: "port.h5") {
      try $0.change("/references/keras/layers/0/forward/weights/bias", at: 0) { $0 + 1 }
    }
    try scratch.changed(as: "overflow.h5") {
      try $0.change("/references/keras/layers/0/forward/h", at: 40) { _ in .infinity }
    }
    try scratch.write("broken.h5")
    for paths in [[scratch.folder], []] {
      let report = try await ParityProcess().run(["report", "--format", "json", "--atol", "1e-9"] + paths)
        .json
      #expect(ReportContract.violations(in: report) == [])
    }
  }

  @Test("The same input gives the same report, letter by letter")
  func reproducible() async throws {
    let parity = try ParityProcess()
    let first = try await parity("report", "--format", "json")
    for _ in 0..<3 { #expect(try await parity("report", "--format", "json").output == first.output) }
  }

  @Test("The version and the help go to standard output")
  func help() async throws {
    let parity = try ParityProcess()
    let version = try await parity("--version")
    #expect(version.status == 0)
    #expect(version.output.wholeMatch(of: #/\d+\.\d+\.\d+\n/#) != nil)
    let help = try await parity("--help")
    #expect(help.status == 0 && help.output.contains("report"))
    let reportHelp = try await parity("report", "--help")
    #expect(reportHelp.status == 0)
    for option in [
      "--format", "--output", "--fail-on", "--atol", "--rtol", "--case", "--reference", "--layer",
      "Exit status",
    ] {
      #expect(reportHelp.output.contains(option), "\(option)")
    }
    #expect(version.errors + help.errors + reportHelp.errors == "")
  }
}
