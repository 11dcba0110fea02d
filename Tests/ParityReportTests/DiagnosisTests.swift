import Foundation
import Testing

@testable import ParityReport
@testable import RecurrentParity

/// The text of `parity diagnose`, to the letter.
@Suite struct DiagnosisTests {
  private func text(_ cases: CaseReport...) -> String {
    DiagnosisRenderer().text(Report(verdict: "mismatch", cases: cases))
  }

  private func finding(_ hypothesis: String, says: String, equivalentTo: [String] = []) -> DiagnosisReport {
    DiagnosisReport(
      hypothesis: hypothesis, explains: true, maxBoundRatio: Number(0.5), equivalentTo: equivalentTo,
      says: says)
  }

  @Test("A layer that matches says by how much it amplifies, and nothing else")
  func growth() {
    var (chaotic, contractive) = (LayerReport.with(steps: "····"), LayerReport.with(steps: "····", layer: 1))
    chaotic.freeRunning.growthPerStep = Number(1.5)
    contractive.freeRunning.growthPerStep = Number(0.5)
    let unknown = LayerReport.with(
      steps: "····", layer: 2, first: .at(1), diagnosis: [.tf32], notes: ["not told"])
    let reference = ReferenceReport.pytorch("match", chaotic, contractive, unknown)
    let check = CrossReport.keras("match", layers: [.with("match", first: .at(1))])
    #expect(
      text(.judged("honest", "match", references: [reference], cross: [check])) == """
        honest · match
          Fixtures/honest.h5

          pytorch by its own weights · match
            layer 0 (encoder.rnn), forward · match · chaotic: a disturbance grows 1.5 times a step
            layer 1 (encoder.rnn), forward · match · contractive: a disturbance grows 0.5 times a step
            layer 2 (encoder.rnn), forward · match

          keras states by pytorch weights · match

        """)
  }

  @Test("A flagged layer says where it departs, what that is, and what else is said of it")
  func reference() {
    let explained = LayerReport.with(
      steps: "·~~·", verdict: "drift", first: .at(1), diagnosis: [.tf32],
      notes: ["the output is another run's"])
    let unexplained = LayerReport.with(
      steps: "·#··", layer: 1, verdict: "mismatch", first: .at(1), diagnosis: [], notes: ["one spike"])
    let notSearched = LayerReport.with(
      steps: "·!··", layer: 2, verdict: "invalid", first: .at(1, residual: .nan, bound: .nan))
    let reference = ReferenceReport.pytorch("invalid", explained, unexplained, notSearched)
    let text = text(.judged("wrong", "invalid", references: [reference]))
    #expect(
      text.components(separatedBy: "\n\n  precision: ").first == """
        wrong · invalid
          Fixtures/wrong.h5

          pytorch by its own weights · invalid
            layer 0 (encoder.rnn), forward · drift
              precision:tf32: r/ρ falls to 0.5
              the operands were rounded to tf32
              the same on this data: precision:float16
              the output is another run's
              drift from t = 1, sequence 1, unit 5 of h: residual 5.0e-01, bound 2.0e-06
            layer 1 (encoder.rnn), forward · mismatch
              unexplained: no hypothesis, nor several together, accounts for it
              one spike
              mismatch from t = 1, sequence 1, unit 5 of h: residual 5.0e-01, bound 2.0e-06
            layer 2 (encoder.rnn), forward · invalid
              invalid from t = 1, sequence 1, unit 5 of h: no finite value to judge
        """)
  }

  @Test("No report says that nothing is known beside the parameter that accounts for everything")
  func consistent() {
    let layer = LayerReport.with(
      steps: "####", verdict: "mismatch", first: .at(0), findings: [.parameter], diagnosis: [],
      notes: ["one parameter accounts for all of it: unit 5's recurrent weight from unit 2"])
    let report = Report.of(
      "mismatch", .judged("wrong", "mismatch", references: [.pytorch("mismatch", layer)]))
    for text in [TerminalRenderer(isColoured: false).text(report), DiagnosisRenderer().text(report)] {
      #expect(text.contains("one parameter accounts for all of it"))
      #expect(!text.contains("no known mistake") && !text.contains("unexplained"))
    }
    // Where nothing accounts for it, they say so.
    var unexplained = layer
    unexplained.findings = []
    let other = Report.of(
      "mismatch", .judged("wrong", "mismatch", references: [.pytorch("mismatch", unexplained)]))
    #expect(TerminalRenderer(isColoured: false).text(other).contains("no known mistake"))
    #expect(DiagnosisRenderer().text(other).contains("unexplained"))
  }

  @Test("Of a pair each mistake is mended, and a mistake of several layers once")
  func mending() {
    let pair = LayerReport.with(
      steps: "####", verdict: "mismatch", first: .at(0),
      diagnosis: [
        finding(
          "bias-hh-ignored+initial-state-ignored", says: "layer 0, forward: the run did this and that."),
        finding("weights-swapped", says: "not the simplest"),
      ])
    let single = LayerReport.with(
      steps: "####", layer: 1, verdict: "mismatch", first: .at(0),
      diagnosis: [finding("initial-state-ignored", says: "layer 1, forward: the run started from zeros.")])
    #expect(
      text(.judged("wrong", "mismatch", references: [.pytorch("mismatch", pair, single)])) == """
        wrong · mismatch
          Fixtures/wrong.h5

          pytorch by its own weights · mismatch
            layer 0 (encoder.rnn), forward · mismatch
              bias-hh-ignored+initial-state-ignored: r/ρ falls to 0.5
              layer 0, forward: the run did this and that.
              mismatch from t = 0, sequence 1, unit 5 of h: residual 5.0e-01, bound 2.0e-06
            layer 1 (encoder.rnn), forward · mismatch
              initial-state-ignored: r/ρ falls to 0.5
              layer 1, forward: the run started from zeros.
              mismatch from t = 0, sequence 1, unit 5 of h: residual 5.0e-01, bound 2.0e-06

          bias-hh-ignored: A port to one bias copies bias_ih and drops bias_hh, or a loader looks for one
            bias only.
            PyTorch: load bias_hh_l0 beside bias_ih_l0; from a one-bias network it is 0
            Keras: bias = bias_ih + bias_hh; a GRU with reset_after takes both, stacked as (2, 3H)
            ONNX: B is [Wb, Rb]: the recurrent biases are its second half
            Flax: bias = bias_ih + bias_hh, gate by gate; but a GRU's hn/bias is b_hn alone
            MLX: bias = bias_ih + bias_hh; but a GRU's bhn is b_hn alone
            Swift: cell.converted(to: .oneBias) adds the two

          initial-state-ignored: h_0 is not passed on, or passed in a place that is ignored.
            PyTorch: rnn(x, h_0); rnn(x, (h_0, c_0)) for an LSTM
            Keras: layer(x, initial_state=[…]); forward before backward
            ONNX: initial_h, initial_c
            Flax: RNN(cell)(x, initial_carry=…)
            MLX: rnn(x, hidden); lstm(x, hidden, cell)
            Swift: Pass(initialState: …)

        """)
  }

  @Test("A cross check says which parameters of the layer differ, and is explained by the original's weights")
  func cross() {
    var told = CrossLayerReport.with("mismatch", first: .at(0))
    told.diagnosis = Nullable([finding("bias-hh-ignored", says: "keras did not add bias_hh.")])
    var reverse = CrossLayerReport.with("mismatch", first: .at(0))
    reverse.diagnosis = Nullable([])
    var elsewhere = ParameterReport.bias
    (elsewhere.layer, elsewhere.parameter) = (1, "weight_hh")
    var backward = ParameterReport.bias
    (backward.direction, backward.parameter) = ("backward", "weight_ih")
    let checks = [
      CrossReport.keras("mismatch", parameters: [.bias, elsewhere, backward], layers: [told]),
      CrossReport(
        statesOf: "pytorch", weightsOf: "keras", verdict: "mismatch", structure: nil, parameters: [],
        layers: [reverse]),
      CrossReport(
        statesOf: "pytorch", weightsOf: "onnx", verdict: "mismatch",
        structure: "1 layer in onnx, 2 in pytorch", parameters: [], layers: [reverse]),
    ]
    let text = text(.judged("ported", "mismatch", references: [], cross: checks))
    #expect(
      text.components(separatedBy: "\n\n  bias-hh-ignored: ").first == """
        ported · mismatch
          Fixtures/ported.h5

          keras states by pytorch weights · mismatch
            layer 0, forward · mismatch
              bias-hh-ignored: r/ρ falls to 0.5
              keras did not add bias_hh.
              mismatch from t = 0, sequence 1, unit 5 of h: residual 5.0e-01, bound 2.0e-06
              bias differs by 2.5e-01, where a conversion rounds by 1.5e-08 at most

          pytorch states by keras weights · mismatch
            layer 0, forward · mismatch
              explained the other way round
              mismatch from t = 0, sequence 1, unit 5 of h: residual 5.0e-01, bound 2.0e-06

          pytorch states by onnx weights · mismatch
            not the same network: 1 layer in onnx, 2 in pytorch
            layer 0, forward · mismatch
              unexplained: no hypothesis, nor several together, accounts for it
              mismatch from t = 0, sequence 1, unit 5 of h: residual 5.0e-01, bound 2.0e-06
        """)
  }

  @Test(
    "What is found of several layers is told once, with the line that mends it, and each layer's place below")
  func once() throws {
    func layer(_ index: Int, _ direction: String, ratio: Double) -> LayerReport {
      var found = finding(
        "reset-after", says: "layer \(index), \(direction): the run reset after. Keras: a line.")
      found.statement = "the run reset after."
      found.mending = [Mending(framework: "Keras", text: "a line")]
      found.maxBoundRatio = Number(ratio)
      return .with(
        steps: "####", layer: index, direction: direction, verdict: "mismatch", first: .at(0),
        diagnosis: [found])
    }
    let (first, second) = (layer(0, "backward", ratio: 0.5), layer(2, "backward", ratio: 0.25))
    let between = LayerReport.with(steps: "####", layer: 1, direction: "backward")
    let some = text(.judged("wrong", "mismatch", references: [.pytorch("mismatch", first, between, second)]))
    #expect(
      some.components(separatedBy: "\n\n  reset-after: ").first == """
        wrong · mismatch
          Fixtures/wrong.h5

          pytorch by its own weights · mismatch
            layers 0 and 2, backward · mismatch
              reset-after: r/ρ falls to 0.5
              the run reset after.
              Keras: a line
              layer 0 (encoder.rnn), backward: mismatch from t = 0, sequence 1, unit 5 of h: residual
                5.0e-01, bound 2.0e-06
              layer 2 (encoder.rnn), backward: mismatch from t = 0, sequence 1, unit 5 of h: residual
                5.0e-01, bound 2.0e-06
            layer 1 (encoder.rnn), backward · match
        """)
    // What mends it is told, and not again for every framework.
    #expect(!some.contains("linear_before_reset"))
    let all = text(.judged("wrong", "mismatch", references: [.pytorch("mismatch", first, second)]))
    #expect(all.contains("    both layers · mismatch\n"))
    let four = (0..<4).map { layer($0, "forward", ratio: 0.5) }
    var reference = ReferenceReport.pytorch("mismatch")
    reference.layers = four
    #expect(
      text(.judged("wrong", "mismatch", references: [reference])).contains("    all 4 layers · mismatch\n"))
  }

  @Test("A layer without a record is not said to have other parameters than it has")
  func throughAnotherLayer() {
    var silent = CrossLayerReport.with("mismatch", first: nil)
    silent.findings = [
      FindingReport(
        Finding(.unjudged(.throughLayer(1)), at: FindingPlace(layer: 0, direction: .forward)),
        says: "through layer 1")
    ]
    var above = CrossLayerReport.with("mismatch", first: .at(0))
    above.layer = 1
    for parameters in [[], [ParameterReport.bias]] {
      let check = CrossReport.keras("mismatch", parameters: parameters, layers: [silent, above])
      let entry = CaseReport.judged("ported", "mismatch", references: [], cross: [check])
      for text in [text(entry), TerminalRenderer(isColoured: false).text(.of("mismatch", entry))] {
        #expect(text.contains("only because layer 1 is") == parameters.isEmpty, "\(text)")
        #expect(text.contains("parameters differ; nothing") == !parameters.isEmpty)
        #expect(!text.contains("too little"))
      }
    }
  }

  @Test(
    "Where a run is that of its own weights, and nothing names the fault, the parameters that differ are the cause"
  )
  func weightsToBlame() {
    var unexplained = CrossLayerReport.with("mismatch", first: .at(0))
    unexplained.diagnosis = Nullable([])
    unexplained.notes = ["beyond the bound: everything"]
    let check = CrossReport.keras("mismatch", parameters: [.bias], layers: [unexplained])
    var own = ReferenceReport.pytorch("match", .with(steps: "····"))
    own.name = "keras"
    let told = text(.judged("ported", "mismatch", references: [own], cross: [check]))
    #expect(
      told.contains(
        "keras's states are those of its own weights, which differ from pytorch's in bias alone: carry\n        that over again\n"
      ))
    #expect(!told.contains("unexplained") && !told.contains("everything"))
    // Of a run that is not even that of its own weights nothing of the kind is said.
    own.layers[0].verdict = "mismatch"
    let other = text(.judged("ported", "mismatch", references: [own], cross: [check]))
    #expect(other.contains("unexplained") && !other.contains("alone"))
  }

  @Test("A file that is none is one line, and cases are apart")
  func invalid() {
    #expect(
      text(.invalid("broken", "broken.h5: /input: missing"), .invalid("empty", "empty.h5: /: missing")) == """
        broken · invalid
          broken.h5
          broken.h5: /input: missing

        empty · invalid
          empty.h5
          empty.h5: /: missing

        """)
  }

  @Test("No line is over 100 columns, however much there is to say")
  func width() {
    let long = String(repeating: "a sentence of some length, ", count: 12)
    let layer = LayerReport.with(
      steps: "####", verdict: "mismatch", first: .at(0), diagnosis: [finding("gate-order:zrn", says: long)],
      notes: [long])
    let lines = text(.judged("wrong", "mismatch", references: [.pytorch("mismatch", layer)]))
      .split(separator: "\n")
    #expect(lines.count > 10)
    for line in lines { #expect(line.count <= 100, "\(line)") }
    // What goes on in another line is further in than what it goes on from.
    #expect(lines.contains { $0.hasPrefix("      a sentence") })
    #expect(lines.contains { $0.hasPrefix("        ") && $0.contains("sentence") })
  }
}
