import Testing

@testable import ParityReport

@Suite struct TerminalWidthTests {
  private static let name =
    "encoder-of-the-large-model-trained-on-everything-in-the-autumn-of-the-year-before-last"

  /// Everything as long as it gets: T = 600, long names, the longest verdicts and numbers of three-digit exponents.
  private static func widest(_ verdict: String) -> Report {
    let symbol: Character = ["inconclusive": "?", "drift": "~", "invalid": "!"][verdict] ?? "#"
    func layer(_ index: Int, _ direction: String) -> LayerReport {
      var layer = LayerReport.with(
        steps: String(repeating: symbol, count: 600), layer: index, direction: direction, verdict: verdict,
        ratio: 1.25e6, first: .at(599, residual: 1.25e-106, bound: 1.25e-107),
        diagnosis: [
          DiagnosisReport(
            hypothesis: "x", explains: false, maxBoundRatio: Number(1), equivalentTo: [],
            says: String(repeating: "a sentence of some length, ", count: 8) + "and its end")
        ], notes: [String(repeating: "a note of some length, ", count: 8)], firstAboveTolerance: Nullable(599)
      )
      layer.stepwise.effectiveRoundoffRms = Number(1.25e9)
      layer.stepwise.effectivePrecisionBits = Number(-30.5)
      layer.freeRunning.maxAbs = Number(1.25e100)
      return layer
    }
    let cross = CrossReport(
      statesOf: name, weightsOf: "other-" + name, verdict: verdict,
      structure: "layer 0 is forward in \(name), backward in other-\(name)",
      parameters: [
        ParameterReport(
          layer: 12, direction: "backward", parameter: "initial_state/h", maxAbs: Number(1.25e-100),
          bound: Number(1.25e-101))
      ], layers: [.with(verdict, first: .at(599, residual: 1.25e-106, bound: 1.25e-107))])
    let references = ["a-", "b-"].map { prefix in
      ReferenceReport(
        name: prefix + name, framework: prefix + name, frameworkVersion: "2.15.0+cu132.long.build.tag",
        convention: "pytorch", formula: "two-bias", verdict: verdict,
        layers: [layer(0, "forward"), layer(0, "backward"), layer(12, "backward")])
    }
    var entry = CaseReport.judged(name, verdict, timesteps: 600, ragged: true, references: references)
    entry.shape = ShapeReport(timesteps: 600, batch: 1024, inputSize: 65536, ragged: true)
    entry.cross = [cross]
    entry.file = "x.h5"
    return Report.of(
      verdict, entry, .judged("short", "match", references: [.pytorch("match", .with(steps: "··"))]))
  }

  @Test(
    "No line is over 100 columns, however long the run and the names",
    arguments: ["inconclusive", "drift", "mismatch", "invalid"])
  func width(_ verdict: String) {
    let text = TerminalRenderer(isColoured: false).text(Self.widest(verdict))
    let lines = text.split(separator: "\n")
    #expect(lines.count > 30)
    for line in lines { #expect(line.count <= 100, "\(line)") }
  }

  @Test("A name that is shortened keeps its beginning and its end")
  func shortened() {
    let text = TerminalRenderer(isColoured: false).text(Self.widest("drift"))
    let row = text.split(separator: "\n").first { $0.hasPrefix("drift  ") }
    #expect(
      row?.contains("encoder-") == true && row?.contains("…") == true && row?.contains("-last  ") == true)
  }

  @Test("A path is never shortened, so that it can be copied")
  func paths() {
    let file = "/a/" + String(repeating: "folder/", count: 20) + "x.h5"
    var judged = CaseReport.judged("a", "match", references: [.pytorch("match", .with(steps: "·"))])
    judged.file = file
    let text = TerminalRenderer(isColoured: false).text(
      .of("invalid", judged, .invalid("b", "\(file): /input: expected one line")))
    #expect(text.contains("\n  \(file)\n"))
    #expect(text.contains("\n  \(file): /input: expected one line\n"))
  }

  @Test(
    "The heat strip covers every timestep in at most 76 columns",
    arguments: [1, 75, 76, 77, 152, 153, 600, 10_000])
  func strip(_ count: Int) throws {
    let steps = String(repeating: "#", count: count)
    let layer = LayerReport.with(steps: steps, verdict: "mismatch", first: .at(0))
    let text = TerminalRenderer(isColoured: false).text(
      .of("mismatch", .judged("a", "mismatch", references: [.pytorch("mismatch", layer)])))
    let lines = text.split(separator: "\n")
    let strip = try #require(lines.first { $0.hasPrefix("    layer 0 forward     ") })
    let columns = strip.count { $0 == "#" }
    let legend = try #require(lines.first { $0.contains("one column") })
    let each = legend.split(separator: " ").compactMap { Int($0) }.first ?? 1
    #expect(columns <= 76)
    #expect(columns == (count + each - 1) / each)
  }
}
