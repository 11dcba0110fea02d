import ArgumentParser
import ParityReport
import RecurrentParity

/// Which cases, references and layers to judge.
struct Selection: ParsableArguments {
  @Option(name: .customLong("case"), help: "Only the case of that name; repeatable.")
  var cases: [String] = []

  @Option(help: "Only the reference of that name; repeatable. Cross checks need both sides.")
  var reference: [String] = []

  @Option(parsing: .unconditionalSingleValue, help: "Only the layer of that number; repeatable.")
  var layer: [Int] = []

  @Option(
    help:
      "The reference that is right, where a case has several: findings then say what the others depart in.")
  var original: String?

  func validate() throws {
    if let negative = layer.first(where: { $0 < 0 }) {
      throw ValidationError("--layer expects a number of at least 0, found \(negative)")
    }
  }

  func options(
    tolerance: Tolerance? = nil, runsFreely: Bool = true, measuresGrowth: Bool = false,
    comparesBits: Bool = false
  ) -> JudgingOptions {
    JudgingOptions(
      references: reference.isEmpty ? nil : Set(reference), layers: layer.isEmpty ? nil : Set(layer),
      original: original,
      tolerance: tolerance, runsFreely: runsFreely, measuresGrowth: measuresGrowth,
      comparesBits: comparesBits)
  }

  /// Leaves out what the filters leave nothing of; an invalid file always stays.
  func selected(_ results: [JudgedCase]) throws -> [JudgedCase] {
    let selected = results.map { ($0, $0.summary) }.filter { _, entry in
      !entry.isCase || (cases.isEmpty || cases.contains(entry.case)) && entry.isSelected
    }.map(\.0)
    guard !selected.isEmpty else { throw InputFailure("nothing to judge: no fixture has \(filters)") }
    if let original, !selected.contains(where: \.summary.hasOriginal),
      selected.contains(where: \.summary.isCase)
    {
      throw InputFailure("--original \(original): no fixture has a reference of that name")
    }
    return selected
  }

  /// The filters, as they were given.
  private var filters: String {
    (cases.map { "--case \($0)" } + reference.map { "--reference \($0)" } + layer.map { "--layer \($0)" })
      .joined(separator: " ")
  }
}
