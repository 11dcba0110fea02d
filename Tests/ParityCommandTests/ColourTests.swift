import Foundation
import Testing

/// What a person at a terminal sees.
@Suite(.timeLimit(.minutes(2))) struct ColourTests {
  /// The report of one fixture as it arrives at a terminal.
  private func seen(_ arguments: [String] = [], environment: [String: String] = [:]) async throws -> String {
    let (terminal, ownEnd) = try Self.pseudoterminal()
    let scratch = try Scratch()
    let status = try await ParityProcess(environment: environment).status(
      ["report", BundledFixture.simple.path] + arguments, output: ownEnd, errors: try scratch.file("errors"))
    #expect(status == 0)
    #expect(try scratch.text("errors") == "")
    // The report fits into the terminal's buffer; an end mark tells where it is over.
    try ownEnd.write(contentsOf: Data("\u{4}".utf8))
    var text = Data()
    while text.last != 4 { text += terminal.availableData }
    return String(decoding: text.dropLast(), as: UTF8.self)
  }

  private static func pseudoterminal() throws -> (terminal: FileHandle, ownEnd: FileHandle) {
    var (terminal, ownEnd) = (Int32(-1), Int32(-1))
    try #require(openpty(&terminal, &ownEnd, nil, nil, nil) == 0)
    return (
      FileHandle(fileDescriptor: terminal, closeOnDealloc: true),
      FileHandle(fileDescriptor: ownEnd, closeOnDealloc: true)
    )
  }

  @Test("On a terminal verdicts are coloured")
  func coloured() async throws {
    #expect(try await seen().hasPrefix("\u{1B}[32mMATCH\u{1B}[0m  1 case: 1 match\r\n"))
    #expect(try await seen(environment: ["NO_COLOR": ""]).contains("\u{1B}["))
  }

  @Test("NO_COLOR switches colours off", arguments: ["1", "0", "yes"])
  func noColour(_ value: String) async throws {
    let text = try await seen(environment: ["NO_COLOR": value])
    #expect(text.hasPrefix("MATCH  1 case: 1 match\r\n"))
    #expect(!text.contains("\u{1B}"))
  }

  @Test("JSON is never coloured, nor is a file")
  func elsewhere() async throws {
    let scratch = try Scratch()
    #expect(try await seen(["--output", scratch.path("a")]) == "")
    #expect(try scratch.text("a").hasPrefix("MATCH"))
    #expect(try !scratch.text("a").contains("\u{1B}"))
  }
}
