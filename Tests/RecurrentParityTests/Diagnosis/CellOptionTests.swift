import BundledCases
import RandomNetworks
import Recurrent
import Testing

@testable import RecurrentParity

/// Options that one side has and the other has not, with a value that is fitted or without.
@Suite struct CellOptionTests {
  private static let targets = [
    Target("stackedrnn-square", layer: 1, pass: 0),
    Target("stackedgru-square", layer: 1, pass: 0),
    Target("stackedbilstm-ragged", reference: 1, layer: 1, pass: 1),
    Target("stackedlstm-square", layer: 1, pass: 0),
  ]

  /// What a run may have, and what has to be said of it.
  struct Option: Sendable {
    let name: String
    let change: @Sendable (inout Cell<Double>) -> Void

    init(_ name: String, _ change: @escaping @Sendable (inout Cell<Double>) -> Void) {
      self.name = name
      self.change = change
    }
  }

  private static func options(_ kind: CellKind) -> [Option] {
    let all = [
      Option("clip:0.25") { $0.clip = 0.25 }, Option("zoneout:0.1") { $0.zoneout = 0.1 },
      Option("zoneout:0.85") { $0.zoneout = 0.85 },
    ]
    guard kind == .lstm else { return all }
    return all + [
      Option("cell-clip:0.2") { $0.changeLSTM { $0.departure.cellClip = 0.2 } },
      Option("clip-of-output:0.2") { cell in
        cell.clip = 0.2
        cell.changeLSTM { $0.departure.outputClip = 0.2 }
      },
      Option("zoneout:0.3 of h and c") { cell in
        cell.zoneout = 0.3
        cell.changeLSTM { $0.departure.cellZoneout = 0.3 }
      },
    ]
  }

  @Test("An option with a value is named with that value, to the digit", arguments: targets)
  func fitted(_ target: Target) throws {
    let parityCase = try bundled(target.fixture)
    let context = parityCase.diagnosisContext(target.address)
    for option in Self.options(context.problem.cell.kind) {
      let name = option.name
      let valued = Hypothesis(try #require(Mistake(named: name)), .clip, .cell(option.change))
      let run = InjectedRun([valued], in: context, format: parityCase[target.address].format)
      #expect(run.judged().verdict == .mismatch, "\(name)")
      let finding = try #require(run.findings().first, "\(name) is not explained")
      #expect(finding.name == name && finding.explains == .all, "\(name) is taken for \(finding.name)")
    }
  }

  @Test("h and c may be kept by two shares")
  func twoShares() throws {
    let parityCase = try bundled("stackedlstm-square")
    let target = Target("stackedlstm-square", layer: 1, pass: 0)
    let run = InjectedRun(
      [
        Hypothesis(
          Mistake(.zoneout), .zoneout,
          .cell { cell in
            cell.zoneout = 0.125
            cell.changeLSTM { $0.departure.cellZoneout = 0.5 }
          })
      ], in: parityCase.diagnosisContext(target.address), format: .float32)
    let finding = try #require(run.findings().first)
    #expect(finding.name.hasPrefix("zoneout:0.12") && finding.name.hasSuffix(" of h and 0.5 of c"))
  }

  @Test("The slope of a leaky rectifier is found")
  func slope() throws {
    let target = Target("stackedrnn-square", layer: 1, pass: 0)
    let parityCase = try bundled(target.fixture)
    var context = parityCase.diagnosisContext(target.address)
    context.problem.cell.setActivation(.relu)
    let leaky = Hypothesis(
      Mistake(.activation), .activation, .cell { $0.setActivation(.leakyRelu(alpha: 0.3)) })
    let finding = InjectedRun([leaky], in: context, format: .float32).findings().first
    #expect(finding?.name == "activation:leaky_relu(alpha 0.3)")
  }

  @Test("One wrong element is no clip, whatever value fits it", arguments: targets)
  func spike(_ target: Target) throws {
    let parityCase = try bundled(target.fixture)
    let context = parityCase.diagnosisContext(target.address)
    var states = context.problem.freeRun(format: .float32)
    let t = context.problem.direction == .forward ? context.problem.input.values.timesteps - 1 : 0
    let element = try #require(states.h?.range(t, 0).lowerBound)
    states.h?.elements[element] *= 0.5
    let run = InjectedRun(states, in: context, format: .float32)
    #expect(run.judged().verdict == .mismatch)
    #expect(run.findings().filter { $0.explains == .all }.map(\.name) == [])
  }

  @Test("What is declared and ignored is named")
  func ignored() throws {
    let target = Target("stackedlstm-square", layer: 1, pass: 0)
    let parityCase = try bundled(target.fixture)
    let peephole = [0.5, -0.25, 0.75, 0.5, -0.5, 0.25, 0.125, -0.75, 0.5, 0.25, 0.5, -0.5]
    let declarations: [(name: String, declare: (inout Cell<Double>) -> Void)] = [
      ("clip-ignored", { $0.clip = 0.25 }),
      ("input-forget-ignored", { $0.changeLSTM { $0.inputForget = true } }),
      (
        "peepholes-ignored",
        { cell in
          let hidden = cell.hiddenSize
          cell = cell.changing { kind, gate in
            if kind != .cell { gate.peephole = (0..<hidden).map { peephole[$0 % peephole.count] } }
          }
        }
      ),
      (
        "peepholes-after-activation:o",
        { cell in
          let hidden = cell.hiddenSize
          cell = cell.changing { kind, gate in
            if kind == .output { gate.peephole = (0..<hidden).map { peephole[$0 % peephole.count] } }
          }
        }
      ),
      ("output-activation:tanh", { $0.changeLSTM { $0.outputActivation = .relu } }),
    ]
    for (name, declare) in declarations {
      var context = parityCase.diagnosisContext(target.address)
      declare(&context.problem.cell)
      let known = HypothesisCatalogue(context: context).singles
      let ignoring = try #require(known.first { $0.name == name }, "\(name) is not tried")
      let run = InjectedRun([ignoring], in: context, format: .float32)
      #expect(run.judged().verdict == .mismatch, "\(name)")
      let finding = try #require(run.findings().first, "\(name) is not explained")
      #expect(finding.name == name, "\(name) is taken for \(finding.name)")
    }
  }

  @Test("Peepholes that are not declared are found, and where they are added")
  func undeclaredPeepholes() throws {
    let target = Target("stackedlstm-square", layer: 1, pass: 0)
    let parityCase = try bundled(target.fixture)
    var numbers = Randomness(seed: 131)
    let places: [(name: String, after: Set<GateKind>)] = [
      ("before the activations", []), ("that of o after its activation", [.output]),
      ("after the activations", [.input, .forget, .output]),
    ]
    for (name, after) in places {
      let context = parityCase.diagnosisContext(target.address)
      let hidden = context.problem.cell.hiddenSize
      // Small: gates beyond (0, 1) let c grow beyond all numbers.
      func values() -> [Double] { numbers.values(hidden).map { $0 / 8 } }
      let peepholes: [GateKind: [Double]] = [.input: values(), .forget: values(), .output: values()]
      let seeing = Hypothesis(
        Mistake(.peepholesUndeclared, name), .peepholes,
        .cell { cell in
          cell = cell.changing { kind, gate in gate.peephole = peepholes[kind] }
          cell.changeLSTM { $0.departure.peepholesAfterActivation = after }
        })
      let finding = InjectedRun([seeing], in: context, format: .float32).findings().first
      #expect(finding?.name == "peepholes-undeclared:\(name)")
      #expect(finding?.explains == .all)
    }
  }

  @Test("States that were printed and read again are told by their digits", arguments: targets)
  func printed(_ target: Target) throws {
    let parityCase = try bundled(target.fixture)
    let context = parityCase.diagnosisContext(target.address)
    func printed(_ sequence: RecordedSequence?) -> RecordedSequence? {
      sequence.map {
        $0.mapped { _, window in window.elements.map { Double(Float(($0 * 1e4).rounded() / 1e4)) } }
      }
    }
    let states = context.problem.freeRun(format: .float32)
    let run = InjectedRun(
      RecordedStates(h: printed(states.h), c: printed(states.c)), in: context, format: .float32)
    #expect(run.judged().verdict == .mismatch)
    #expect(run.findings().map(\.name) == ["states-printed:4-decimals"])
  }

  @Test(
    "A value is fitted beside another mistake",
    arguments: [
      ("zoneout:0.1", "bias-ih-ignored"), ("clip:0.25", "gate-order:ifoc"), ("clip:0.25", "gate-bias-lost:f"),
    ])
  func fittedPairs(_ option: String, _ mistake: String) throws {
    let target = Target("stackedlstm-square", layer: 1, pass: 0)
    let parityCase = try bundled(target.fixture)
    let context = parityCase.diagnosisContext(target.address)
    let known = HypothesisCatalogue(context: context).singles
    let other = try #require(known.first { $0.name == mistake })
    let change = try #require(Self.options(.lstm).first { $0.name == option }).change
    let valued = Hypothesis(try #require(Mistake(named: option)), .clip, .cell(change))
    let finding = InjectedRun([other, valued], in: context, format: .float32).findings().first
    #expect(
      finding?.name == "\(mistake)+\(option)" && finding?.explains == .all, "\(finding?.name ?? "none")")
  }
}
