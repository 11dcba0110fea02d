import Foundation
import ReportContract
import Testing

/// What a run of the command left behind.
struct Outcome: Sendable {
  /// As a shell has it: 128 and the signal where one ended the run.
  let status: Int32
  let output: String
  let errors: String

  /// The first line of the output: what a failing test shows of a long report.
  var firstLine: Substring { output.prefix { !$0.isNewline } }

  /// The report, where it was asked for as JSON.
  var json: JSONValue {
    get throws { try JSONValue(output) }
  }

  /// The cases of that report.
  var cases: [JSONValue] {
    get throws { try #require(json["cases"]).elements }
  }
}

/// The `parity` executable, as a user runs it.
struct ParityProcess: Sendable {
  var executable: String
  var folder: String?
  var environment: [String: String] = [:]

  init(folder: String? = nil, environment: [String: String] = [:]) throws {
    executable = try Self.built()
    self.folder = folder
    self.environment = environment
  }

  /// The executable that was built along with these tests.
  static func built() throws -> String {
    final class InTheTestBundle {}
    var folder = Bundle(for: InTheTestBundle.self).bundleURL
    while folder.pathExtension == "xctest" { folder.deleteLastPathComponent() }
    let path = folder.appending(path: "parity").path
    try #require(
      FileManager.default.isExecutableFile(atPath: path),
      "the tests run \(path), which is not there: build the package's executables first")
    return path
  }

  func callAsFunction(_ arguments: String...) async throws -> Outcome { try await run(arguments) }

  func run(_ arguments: [String]) async throws -> Outcome {
    try await Turns.shared.take { try await atOnce(arguments) }
  }

  /// Runs without waiting for a turn.
  func atOnce(_ arguments: [String]) async throws -> Outcome {
    let scratch = try Scratch()
    let (output, errors) = (try scratch.file("out"), try scratch.file("err"))
    let status = try await status(arguments, output: output, errors: errors)
    return Outcome(status: status, output: try scratch.text("out"), errors: try scratch.text("err"))
  }

  /// Runs with these as its standard output and error.
  func status(_ arguments: [String], output: FileHandle, errors: FileHandle) async throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.environment = inherited.merging(environment) { _, chosen in chosen }
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      process.terminationHandler = { _ in continuation.resume() }
      do { try process.run() } catch { continuation.resume(throwing: error) }
    }
    return process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
  }

  /// The environment of the tests, but for what the command looks at.
  private var inherited: [String: String] {
    ProcessInfo.processInfo.environment.filter { !["PARITY_FIXTURES", "NO_COLOR"].contains($0.key) }
  }
}
