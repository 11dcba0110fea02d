import Foundation
import Testing

@testable import ParityReport

/// The text of a report, to the letter. Each report is small enough to be followed by hand.
@Suite struct TerminalTests {
  private func text(_ report: Report) -> String { TerminalRenderer(isColoured: false).text(report) }

  /// What is said of a report's only case, below the summary.
  private func detail(_ entry: CaseReport) throws -> String {
    let text = text(.of(entry.verdict, entry))
    let summaryAndLegend = text.components(separatedBy: "\n\n").prefix(3).joined(separator: "\n\n") + "\n\n"
    return try String(
      #require(text.hasPrefix(summaryAndLegend) ? text.dropFirst(summaryAndLegend.count) : nil))
  }

  @Test("The summary tells each case's verdict and worst numbers, and counts the verdicts, worst first")
  func summary() throws {
    let summary = text(.complete).components(separatedBy: "\n\n").prefix(3).joined(separator: "\n\n")
    #expect(
      summary == """
        INVALID  4 cases: 1 invalid, 1 mismatch, 1 drift, 1 match
        1 of them above the given tolerance: that fails the command and leaves the verdict as it is

        verdict   case     references  passes  T×B   r/ρ  ε rms    drift  cross
        match     honest   pytorch          1  4×2  0.25   0.75  2.5e-07  –
        drift     lowered  pytorch          2  4×2    40   0.75  2.5e-07  –
        mismatch  ported   pytorch          1  4×2  0.25   0.75  2.5e-07  mismatch
        invalid   broken                    –    –     –      –        –  –

        r/ρ    largest residual of one step ÷ its certified bound; above 1 is proof of another formula
        ε rms  effective roundoff of the worst timestep; honest arithmetic stays near 1
        drift  largest difference to Swift's own run, from the input alone: information, not a verdict
        """)
  }

  @Test("A matching case is its numbers and nothing else")
  func match() throws {
    #expect(
      try detail(.judged("honest", "match", references: [.pytorch("match", .with(steps: "····"))])) == """
        honest · match · T = 4, B = 2, I = 3
          Fixtures/honest.h5
          pytorch · match · pytorch 2.15.0, two-bias formula
            layer  direction  cell  verdict  residual   r/ρ  ε rms  bits    drift  ref–exact  swift–exact
                0  forward    rnn   match     1.2e-07  0.25   0.75  24.2  2.5e-07    1.0e-07            0

        """)
  }

  @Test("A drifting layer tells its first step, what explains it, and the steps in a heat strip")
  func drift() throws {
    #expect(
      try detail(Report.complete.cases[1]) == """
        lowered · drift · T = 4, B = 2, I = 3
          Fixtures/lowered.h5
          pytorch · drift · pytorch 2.15.0, two-bias formula
            layer  direction  cell  verdict  residual   r/ρ  ε rms  bits    drift  ref–exact  swift–exact
                0  forward    rnn   drift     1.2e-07    40   0.75  24.2  2.5e-07    1.0e-07            0
                1  forward    rnn   match     1.2e-07  0.25   0.75  24.2  2.5e-07    1.0e-07            0
            layer 0 (encoder.rnn), forward: precision:tf32: the operands were rounded to tf32
              the same on this data: precision:float16
              the recorded output is another run's
              drift from t = 1, sequence 1, unit 5 of h: residual 5.0e-01, bound 2.0e-06
            layer 0 forward     ·~~·
            · match  ? inconclusive  ~ drift  # mismatch  ! invalid; one column a timestep
            layer 0, forward: drift is above the given tolerance from t = 2

        """)
  }

  @Test("Every mismatching layer and direction of a ragged case has its first step and its strip")
  func mismatch() throws {
    let reference = ReferenceReport.pytorch(
      "mismatch", .with(steps: "··#?", verdict: "mismatch", ratio: 1.25e6, first: .at(2)),
      .with(steps: "##·#", direction: "backward", verdict: "mismatch", ratio: 3, first: .at(3)))
    #expect(
      try detail(.judged("wrong", "mismatch", ragged: true, references: [reference])) == """
        wrong · mismatch · T = 4, B = 2, I = 3, ragged
          Fixtures/wrong.h5
          pytorch · mismatch · pytorch 2.15.0, two-bias formula
            layer direction cell verdict  residual     r/ρ ε rms bits   drift ref–exact swift–exact
                0 forward   rnn  mismatch  1.2e-07 1.2e+06  0.75 24.2 2.5e-07   1.0e-07           0
                0 backward  rnn  mismatch  1.2e-07       3  0.75 24.2 2.5e-07   1.0e-07           0
            layer 0 (encoder.rnn), forward: mismatch from t = 2, sequence 1, unit 5 of h: residual 5.0e-01,
              bound 2.0e-06
            layer 0 (encoder.rnn), backward: mismatch from t = 3, sequence 1, unit 5 of h: residual 5.0e-01,
              bound 2.0e-06
            layer 0 forward     ··#?
            layer 0 backward    ##·#
            · match  ? inconclusive  ~ drift  # mismatch  ! invalid; one column a timestep

        """)
  }

  @Test("As what a run was judged is said where it declares more than its storage")
  func declaredPrecision() throws {
    func lines(_ precisions: String?...) throws -> [Substring] {
      var reference = ReferenceReport.pytorch("match", .with(steps: "··"), .with(steps: "··", layer: 1))
      for (index, precision) in precisions.enumerated() {
        reference.layers[index].declaredPrecision = precision
      }
      return try detail(.judged("half", "match", references: [reference])).split(separator: "\n")
        .filter { $0.contains("declares") }
    }
    #expect(try lines("bfloat16", "bfloat16") == ["    declares bfloat16, and is judged as that"])
    #expect(
      try lines(nil, "tf32") == ["    layer 1, forward: declares tf32, and is judged as that"])
    #expect(try lines("float32", "float32") == [])
  }

  @Test("A value that is not finite is named by its place, without numbers")
  func notFinite() throws {
    let layer = LayerReport.with(
      steps: "··!!", verdict: "invalid", ratio: .nan, first: .at(2, residual: .nan, bound: .nan))
    #expect(
      try detail(.judged("overflow", "invalid", references: [.pytorch("invalid", layer)])) == """
        overflow · invalid · T = 4, B = 2, I = 3
          Fixtures/overflow.h5
          pytorch · invalid · pytorch 2.15.0, two-bias formula
            layer  direction  cell  verdict  residual  r/ρ  ε rms  bits    drift  ref–exact  swift–exact
                0  forward    rnn   invalid   1.2e-07    –   0.75  24.2  2.5e-07    1.0e-07            0
            layer 0 (encoder.rnn), forward: invalid from t = 2, sequence 1, unit 5 of h: no finite value to
              judge
            layer 0 forward     ··!!
            · match  ? inconclusive  ~ drift  # mismatch  ! invalid; one column a timestep

        """)
  }

  @Test("In a long run a column of the heat strip stands for several timesteps and shows the worst of them")
  func longRun() throws {
    // 190 matching steps, then these ten; in columns of three, of which the last holds two.
    let steps = String(repeating: "·", count: 190) + "~·?·#··!··"
    let layer = LayerReport.with(steps: steps, verdict: "invalid", first: .at(197, residual: .nan))
    let text = try detail(
      .judged("long", "invalid", timesteps: 200, references: [.pytorch("invalid", layer)]))
    let strip = "    layer 0 forward     " + String(repeating: "·", count: 63) + "~#!·\n"
    let legend = "    · match  ? inconclusive  ~ drift  # mismatch  ! invalid; one column for 3 timesteps\n"
    #expect(text.hasSuffix(strip + legend))
  }

  @Test("A port that carried something over wrongly is named by reference, layer and parameter")
  func cross() throws {
    let text = try detail(Report.complete.cases[2])
    let crossChecks = text.split(separator: "\n").suffix(5)
    #expect(
      crossChecks.joined(separator: "\n") == """
          keras states by pytorch weights · mismatch
            layer 0, forward: mismatch from t = 0, sequence 1, unit 5 of h: residual 5.0e-01, bound 2.0e-06
              bias differs by 2.5e-01, where a conversion rounds by 1.5e-08 at most
          keras states by pytorch weights · mismatch
            not the same network: 1 layer in keras, 2 in pytorch
        """)
  }

  @Test("An invalid file is one line that says why")
  func invalid() throws {
    #expect(
      try detail(.invalid("broken", "broken.h5: /input: expected rank 3, found rank 2")) == """
        broken · invalid
          broken.h5: /input: expected rank 3, found rank 2

        """)
  }

  @Test("Control characters in a file's names neither break lines nor reach the terminal")
  func controlCharacters() throws {
    var entry = CaseReport.judged("a\nb", "match", references: [.pytorch("match", .with(steps: "·"))])
    entry.file = "\u{1B}[2J.h5"
    entry.references[0].name = "py\ttorch\u{2028}"
    let text = try detail(entry)
    #expect(text.hasPrefix("a\\nb · match ·"))
    #expect(text.contains("\n  \\u{1B}[2J.h5\n"))
    #expect(text.contains("\n  py\\ttorch\\u{2028} · match"))
    #expect(!text.contains("\u{1B}"))
  }
}
