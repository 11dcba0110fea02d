import ReportContract
import Testing

@Suite(.timeLimit(.minutes(2))) struct PathTests {
  @Test(
    "A name of any characters can be judged, in a folder and by itself",
    arguments: [
      "with spaces.h5", "größer α 大.h5", "e\u{301}.h5", "quote'\"$HOME.h5", "-dash.h5", "*.h5", ".h5",
    ])
  func names(_ name: String) async throws {
    let scratch = try Scratch()
    try scratch.copy(as: name)
    let parity = try ParityProcess(folder: scratch.folder)
    for arguments in [["report", "--format", "json", "--", name], ["report", "--format", "json", "."]] {
      let outcome = try await parity.run(arguments)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let file = try outcome.cases.first?["file"]?.string
      #expect(file == name || file == "./" + name)
    }
  }

  @Test("A link leads to the fixture, or the folder, that it names")
  func links() async throws {
    let scratch = try Scratch()
    try scratch.makeFolder("folder")
    try scratch.copy(as: "folder/a.h5")
    try scratch.link("file-link.h5", to: "folder/a.h5")
    try scratch.link("folder-link", to: "folder")
    let outcome = try await ParityProcess(folder: scratch.folder)("report", "file-link.h5", "folder-link")
    #expect(outcome.status == 0)
    #expect(
      outcome.output.contains("\n  file-link.h5\n") && outcome.output.contains("\n  folder-link/a.h5\n"))
  }

  @Test("A file that is named twice is judged twice, alike")
  func twice() async throws {
    let path = BundledFixture.simple.path
    let outcome = try await ParityProcess()("report", "--format", "json", path, path)
    #expect(outcome.status == 0)
    let cases = try outcome.cases
    #expect(cases.count == 2 && cases.first == cases.last)
  }

  @Test("Folders are not searched within folders")
  func nested() async throws {
    let scratch = try Scratch()
    try scratch.copy(as: "a.h5")
    try scratch.makeFolder("inner")
    try scratch.write("inner/b.h5")
    let outcome = try await ParityProcess()("report", scratch.folder)
    #expect(outcome.status == 0)
    #expect(outcome.firstLine == "MATCH  1 case: 1 match")
  }

  @Test("What is read is left as it was")
  func readOnly() async throws {
    let scratch = try Scratch()
    let path = try scratch.copy(as: "a.h5")
    let before = try scratch.stamp("a.h5")
    #expect(try await ParityProcess()("report", path).status == 0)
    #expect(try scratch.stamp("a.h5") == before)
    #expect(try scratch.names() == ["a.h5"])
  }
}
