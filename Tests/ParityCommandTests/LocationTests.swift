import Foundation
import Testing

/// Where the executable looks for the bundled fixtures.
@Suite(.timeLimit(.minutes(2))) struct LocationTests {
  @Test("$PARITY_FIXTURES names another folder to judge by default")
  func chosen() async throws {
    let scratch = try Scratch()
    try scratch.copy(.bidirectional, as: "mine.h5")
    let outcome = try await ParityProcess(environment: ["PARITY_FIXTURES": scratch.folder])("report")
    #expect(outcome.status == 0)
    #expect(outcome.firstLine == "MATCH  1 case: 1 match")
    #expect(outcome.output.contains("\n  \(scratch.folder)/mine.h5\n"))
  }

  @Test("$PARITY_FIXTURES does not count where paths are given, or where it is empty")
  func notAsked() async throws {
    let outcome = try await ParityProcess(environment: ["PARITY_FIXTURES": "/absent"])(
      "report", BundledFixture.simple.path)
    #expect(outcome.status == 0)
    let count = try BundledFixture.manifest().count { !$0.isDeparture }
    let bundled = try await ParityProcess(environment: ["PARITY_FIXTURES": ""])("report")
    #expect(bundled.firstLine == "MATCH  \(count) cases: \(count) match")
  }

  @Test(
    "A $PARITY_FIXTURES that names no folder is said to be the reason",
    arguments: ["/absent/folder", #filePath])
  func wrong(_ path: String) async throws {
    let outcome = try await ParityProcess(environment: ["PARITY_FIXTURES": path])("report")
    #expect(outcome.status == 2)
    #expect(outcome.output == "")
    #expect(
      outcome.errors == "parity: no bundled fixtures: $PARITY_FIXTURES is \(path), which is no folder\n")
  }

  @Test("An installed executable finds its fixtures in share/, from any folder and through a link")
  func installed() async throws {
    let scratch = try Scratch()
    for folder in ["usr/bin", "usr/share/rnn-parity/Fixtures", "elsewhere"] { try scratch.makeFolder(folder) }
    try scratch.copy(as: "usr/share/rnn-parity/Fixtures/installed.h5")
    try scratch.write("usr/share/rnn-parity/Fixtures/manifest.json", Data("{}".utf8))
    try FileManager.default.copyItem(atPath: ParityProcess.built(), toPath: scratch.path("usr/bin/parity"))
    try scratch.link("elsewhere/parity", to: "../usr/bin/parity")
    for executable in ["usr/bin/parity", "elsewhere/parity"] {
      var parity = try ParityProcess(folder: scratch.path("elsewhere"))
      parity.executable = scratch.path(executable)
      let outcome = try await parity("report")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("/usr/share/rnn-parity/Fixtures/installed.h5\n"))
    }
  }

  @Test(
    "An executable without fixtures names the three places in which it looked, and judges what it is given")
  func alone() async throws {
    let scratch = try Scratch()
    try scratch.makeFolder("bin")
    try FileManager.default.copyItem(atPath: ParityProcess.built(), toPath: scratch.path("bin/parity"))
    var parity = try ParityProcess(folder: scratch.folder)
    parity.executable = scratch.path("bin/parity")
    let outcome = try await parity("report")
    #expect(outcome.status == 2)
    #expect(outcome.output == "")
    #expect(outcome.errors.hasPrefix("parity: no bundled fixtures: ") && outcome.errors.hasSuffix("\n"))
    #expect(outcome.errors.count { $0 == "\n" } == 1)
    for place in ["$PARITY_FIXTURES", "\(scratch.folder)/share/rnn-parity/Fixtures", "\(scratch.folder)/bin"]
    {
      #expect(outcome.errors.contains(place), "\(place)")
    }
    #expect(try await parity("report", BundledFixture.simple.path).status == 0)
  }
}
