import BundledCases
import Recurrent
import Testing

@testable import RecurrentParity

/// What hardware of lowered precision does to the operands of a matrix product.
enum Lowered: String, CaseIterable {
  case tf32
  case tf32Truncated
  case float16
  case bfloat16
  case bfloat16Truncated

  var operand: @Sendable (Double) -> Double {
    switch self {
    case .tf32: { FloatFormat.tf32.round($0) }
    case .tf32Truncated: { FloatFormat.tf32.round($0, .towardZero) }
    case .float16: { FloatFormat.float16.round($0) }
    case .bfloat16: { FloatFormat.bfloat16.round($0) }
    case .bfloat16Truncated: { FloatFormat.bfloat16.round($0, .towardZero) }
    }
  }

  /// TF32 and float16 have the same significand: at these magnitudes nothing tells them apart.
  var names: Set<String> {
    switch self {
    case .tf32, .float16: ["precision:tf32", "precision:float16"]
    case .tf32Truncated: ["precision:tf32"]
    case .bfloat16, .bfloat16Truncated: ["precision:bfloat16"]
    }
  }

  var verb: String {
    switch self {
    case .tf32Truncated, .bfloat16Truncated: "truncated"
    default: "rounded"
    }
  }
}

@Suite struct LoweredPrecisionTests {
  private static let fixtures = ["simplernn-tanh", "birnn-relu", "stackedbirnn-tanh"]

  @Test(
    "A run with rounded operands is drift, and the precision is named", arguments: fixtures, Lowered.allCases)
  func drift(_ name: String, _ lowered: Lowered) throws {
    let judgement = try bundled(name).simulated(SimulatedRun(operand: lowered.operand)).judged(.verdictOnly)
    #expect(judgement.verdict == .drift)
    for pass in try #require(judgement.references.first).passes {
      #expect(pass.judgement.verdict == .drift)
      let matches = pass.judgement.precisions
      #expect(Set(matches.map(\.name)) == lowered.names)
      #expect(matches.allSatisfy { $0.explainsAll })
      // Each says which others the data can't tell it from.
      #expect(matches.allSatisfy { Set($0.equivalentTo) == lowered.names.subtracting([$0.name]) })
      #expect(matches.allSatisfy { $0.isWithinBound })
      #expect(
        matches.allSatisfy { $0.says.contains(lowered.verb) && $0.says.contains("every") })
    }
  }

  @Test(
    "A spike in a run of lowered precision is a mismatch at its step, and the rest stays drift",
    arguments: fixtures,
    Lowered.allCases)
  func spike(_ name: String, _ lowered: Lowered) throws {
    let original = try bundled(name)
    let direction = try #require(original.references.first?.layers.last?.passes.last?.direction)
    let layer = try #require(original.references.first?.layers.indices.last)
    let place = Place(layer, direction, 5)
    let simulation = SimulatedRun(
      operand: lowered.operand, fault: [place: { $0[1] = FloatFormat.float32.round($0[1] + 3e-3) }])
    let reference = try #require(original.simulated(simulation).judged(.verdictOnly).references.first)
    #expect(reference.verdict == .mismatch)
    #expect(reference.flagged.filter { $0.value == .mismatch }.map(\.key) == [place])
    #expect(reference.flagged.filter { $0.value != .drift }.count == 1)
    for pass in reference.passes {
      let isHere = pass.layer == layer && pass.pass.direction == direction
      #expect(pass.judgement.verdict == (isHere ? .mismatch : .drift))
      #expect(pass.judgement.timesteps.contains { $0.verdict == .drift })
      #expect(pass.judgement.precisions.allSatisfy { $0.explainsAll == !isHere })
      #expect(pass.judgement.precisions.allSatisfy { lowered.names.contains($0.name) })
      #expect(!pass.judgement.precisions.isEmpty)
      if isHere {
        let first = try #require(pass.judgement.firstFlagged)
        #expect((first.timestep, first.batch, first.unit) == (5, 1, 1))
      }
    }
  }

  @Test(
    "A spike in a full-precision run is not taken for a lowered precision with its wider bound",
    arguments: fixtures)
  func widerBound(_ name: String) throws {
    let original = try bundled(name)
    let address = PassAddress(reference: 0, layer: 0, pass: 0)
    let place = Place(0, original[address].direction, 5)
    let run = original.simulated(
      SimulatedRun(fault: [place: { $0[1] = FloatFormat.float32.round($0[1] + 3e-3) }]))
    let judgement = run.judged(.verdictOnly)
    #expect(judgement.references.first?.flagged == [place: .mismatch])
    let passes = try #require(judgement.references.first).passes
    #expect(passes.allSatisfy { $0.judgement.precisions.isEmpty })

    // With bfloat16's wider bound alone it would have passed.
    let reference = try #require(run.references.first)
    let problem = reference.problem(layer: 0, pass: 0, of: run)
    #expect(problem.assessed(in: ErrorModel(.bfloat16)).explainsAll)
  }

  @Test("A wrong formula is not taken for a lowered precision")
  func wrongFormula() throws {
    let original = try bundled("stackedbirnn-tanh")
    for address in original.passAddresses {
      let changed = original.changing {
        $0[address].cell.gate.weightHH = $0[address].cell.gate.weightHH.transposed()
      }
      let passes = changed.judged(.verdictOnly).references[address.reference].passes
      #expect(passes.allSatisfy { $0.judgement.precisions.isEmpty })
    }
  }

  @Test("A Float64 record of a Float32 run is drift to float32")
  func float32InFloat64() throws {
    var run = try bundled("birnn-tanh").simulated(SimulatedRun())
    for address in run.passAddresses { run[address].format = .float64 }
    for pass in try #require(run.judged(.verdictOnly).references.first).passes {
      #expect(pass.judgement.verdict == .drift)
      #expect(pass.judgement.precisions.contains { $0.name == "precision:float32" && $0.explainsAll })
    }
  }

  @Test("A Float64 run whose products have operands of Float32 is drift to float32")
  func float32Operands() throws {
    let run = try bundled("birnn-tanh").simulated(
      SimulatedRun(format: .float64, operand: { FloatFormat.float32.round($0) }))
    for pass in try #require(run.judged(.verdictOnly).references.first).passes {
      #expect(pass.judgement.verdict == .drift)
      #expect(pass.judgement.precisions.map(\.name) == ["precision:float32"])
      #expect(
        pass.judgement.precisions.allSatisfy { $0.explainsAll && $0.says.contains("rounded the operands") })
    }
  }

  @Test("A bias a few roundings off is drift: its unit shows what no single step does")
  func wrongUnit() throws {
    let original = try bundled("simplernn-chaotic")
    for number in original.references.indices {
      let address = PassAddress(reference: number, layer: 0, pass: 0)
      let u = FloatFormat.float32.unitRoundoff
      let changed = original.changing { $0[address].cell.gate.biasIH?[4] += 200 * u }
      let judged = try #require(changed.judged(.verdictOnly).references[number].passes.first).judgement
      #expect(judged.verdict == .drift)
      #expect(judged.precisions.isEmpty)
      #expect(judged.figures.maxBoundRatio < 1)
      // Each step alone stays below the limit of a step.
      #expect(judged.figures.effectiveRoundoffRms < RoundoffThreshold.rms)
      #expect(judged.figures.maxEffectiveRoundoff < RoundoffThreshold.element)
    }
  }
}
