import ArgumentParser
import HDF5
import ParityReport
import RecurrentParity

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What to judge by, where the reports go, and what fails.
struct ReportOptions: ParsableArguments {
  @Option(
    help: "terminal, json, ndjson, junit, markdown or html; repeatable, each but one with its own --output.")
  var format: [ReportFormat] = []

  @Option(
    help: """
      A file for the report; the first belongs to the first --format. Default: standard output; of markdown, \
      $GITHUB_STEP_SUMMARY where that is set, to which it is added.
      """)
  var output: [SystemPath] = []

  @Option(help: "The mildest verdict to fail on: drift, differs or mismatch.")
  var failOn: FailureThreshold = .drift

  @Option(
    parsing: .unconditional,
    help: "Absolute tolerance of the free-running difference; gates the exit status beside the verdict.")
  var atol: Double?

  @Option(parsing: .unconditional, help: "Relative tolerance of the free-running difference.")
  var rtol: Double?

  @Flag(
    inversion: .prefixedNo,
    help: "Whether Swift's own run from the input alone is made, for the drift; it takes longest.")
  var freeRun = true

  @Flag(
    help: """
      Compare the references bit by bit, beside the verdict: where they should be the same, of two versions, alone and \
      in a batch, streamed and whole. A difference fails.
      """)
  var bits = false

  @Option(help: "Which timesteps the JSON lists: flagged or all.")
  var timesteps = TimestepSelection.all

  @OptionGroup var selection: Selection

  @OptionGroup var workers: WorkerOptions

  func validate() throws {
    guard output.count <= max(format.count, 1) else {
      throw ValidationError("\(output.count) times --output, but only \(max(format.count, 1)) --format")
    }
    guard reports.count(where: \.destination.isStandardOutput) <= 1 else {
      throw ValidationError(
        "\(format.count) times --format need an --output each but one, found \(output.count)")
    }
    guard Set(output.map { URL(fileURLWithPath: $0.description).standardized.path }).count == output.count
    else {
      throw ValidationError("two reports to the same --output")
    }
    guard freeRun || tolerance == nil else {
      throw ValidationError("--atol and --rtol gate the free run, which --no-free-run leaves out")
    }
    for (name, value) in [("--atol", atol), ("--rtol", rtol)] {
      if let value, !(value >= 0 && value.isFinite) {
        throw ValidationError("\(name) expects a number of at least 0, found \(value)")
      }
    }
  }

  var judging: Judging {
    Judging(
      options: selection.options(tolerance: tolerance, runsFreely: freeRun, comparesBits: bits),
      limits: workers.limits,
      formats: reports.map(\.format))
  }

  /// Writes the reports on the results, and throws the exit status unless it is 0.
  func report(_ results: [JudgedCase]) throws {
    let results = try selection.selected(results)
    for (index, report) in reports.enumerated() {
      try report.destination.write(
        results.map(\.summary), results.map { $0.texts[index] }, by: report.format.renderer)
    }
    let status = exitStatus(results.map(\.summary))
    if status != 0 { throw ExitCode(status) }
  }

  private var reports: [(format: CaseFormat, destination: ReportDestination)] {
    (format.isEmpty ? [.terminal] : format).enumerated().map { index, format in
      let destination = ReportDestination(index < output.count ? output[index] : nil, format)
      return (
        format.caseFormat(
          isColoured: destination.isColoured, timesteps, failingOn: failOn.verdict), destination
      )
    }
  }

  private var tolerance: Tolerance? {
    atol == nil && rtol == nil ? nil : Tolerance(atol: atol ?? 0, rtol: rtol ?? 0)
  }

  private func exitStatus(_ cases: [CaseSummary]) -> Int32 {
    let verdict = cases.map(\.verdict).worst
    if verdict == .invalid { return 2 }
    return verdict >= failOn.verdict || cases.contains { $0.exceedsTolerance || $0.differsInBits } ? 1 : 0
  }
}

extension FailureThreshold: ExpressibleByArgument {}
