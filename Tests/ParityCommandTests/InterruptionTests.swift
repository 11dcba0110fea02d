import Foundation
import Testing

/// A run that is ended from outside.
@Suite(.timeLimit(.minutes(2))) struct InterruptionTests {
  /// A run of the command that can be sent a signal.
  private func started(
    _ arguments: [String], output: Any, errors: Any
  ) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try ParityProcess.built())
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    return process
  }

  private func ended(_ process: Process) async throws {
    while process.isRunning { try await Task.sleep(for: .milliseconds(10)) }
  }

  @Test(
    "It says how far it came, leaves what was there, and ends as its signal has it",
    arguments: [SIGINT, SIGTERM])
  func interrupted(_ number: Int32) async throws {
    let scratch = try Scratch()
    try scratch.makeFolder("many")
    try scratch.makeFolder("out")
    for index in 0..<3000 { try scratch.link("many/\(index).h5", to: BundledFixture.stacked.path) }
    try scratch.write("out/report", Data("as it was".utf8))
    let errors = try scratch.file("errors")
    let process = try started(
      ["report", scratch.path("many"), "--output", scratch.path("out/report")], output: FileHandle.nullDevice,
      errors: errors)
    try await Task.sleep(for: .milliseconds(400))
    kill(process.processIdentifier, number)
    try await ended(process)
    #expect(process.terminationReason == .uncaughtSignal)
    #expect(process.terminationStatus == number)
    let said = try scratch.text("errors")
    #expect(
      said.wholeMatch(of: /parity: interrupted: \d+ of 3000 files were done, nothing was written\n/) != nil,
      "\(said)")
    #expect(try scratch.text("out/report") == "as it was")
    #expect(try scratch.names(in: "out") == ["report"])
  }

  @Test("It ends a command that waits for a reader of its report")
  func whileWriting() async throws {
    let scratch = try Scratch()
    let pipe = Pipe()
    let process = try started(
      ["report", "--format", "json"], output: pipe, errors: try scratch.file("errors"))
    // More than a pipe holds: once something is there, the rest waits.
    _ = try pipe.fileHandleForReading.read(upToCount: 1)
    try await Task.sleep(for: .milliseconds(100))
    process.interrupt()
    try await ended(process)
    #expect(process.terminationReason == .uncaughtSignal)
    #expect(process.terminationStatus == SIGINT)
    #expect(try scratch.text("errors") == "parity: interrupted: nothing more was written\n")
  }

  @Test("Whoever waits longer than a second at a terminal sees how many files are judged")
  func progress() async throws {
    var (terminal, other): (Int32, Int32) = (-1, -1)
    try #require(openpty(&terminal, &other, nil, nil, nil) == 0)
    let scratch = try Scratch()
    for index in 0..<3000 { try scratch.link("\(index).h5", to: BundledFixture.stacked.path) }
    let process = try started(
      ["report", scratch.folder], output: FileHandle.nullDevice,
      errors: FileHandle(fileDescriptor: other, closeOnDealloc: true))
    let reader = FileHandle(fileDescriptor: terminal, closeOnDealloc: true)
    var seen = ""
    while !seen.contains("files judged") { seen += String(decoding: reader.availableData, as: UTF8.self) }
    #expect(seen.firstMatch(of: /\r\d+ of 3000 files judged/) != nil, "\(seen)")
    process.terminate()
    try await ended(process)
  }
}
