import Recurrent
import Testing

@testable import RecurrentParity

/// Where there is no formula to judge by, a difference is held against what rounding moves.
@Suite struct BoundaryTests {
  private static let logits = Boundary.modelOutput("logits")

  @Test("Two honest runs agree at every boundary, in the order of the data")
  func honest() throws {
    let judgement = try ParityCase.modelled().judged(.verdictOnly)
    #expect(judgement.verdict == .match)
    #expect(
      judgement.boundaries.map(\.boundary.path) == [
        "inputs/x", "layers/0/input", "layers/1/input", "layers/2/input", "outputs/logits",
      ])
    let ratios = judgement.boundaries.compactMap(\.figures?.ratio)
    #expect(ratios.count == 5 && ratios.allSatisfy { $0 < 4 } && ratios.contains { $0 > 0 })
    #expect(judgement.boundaryFindings.isEmpty)
  }

  struct Fault: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var change: @Sendable (inout RecordedArray) -> Void

    init(_ name: String, _ change: @escaping @Sendable (inout RecordedArray) -> Void) {
      (testDescription, self.change) = (name, change)
    }
  }

  private static let cases = [
    Fault("scale 1.001") { $0.floats = $0.floats.map { $0 * 1.001 } },
    Fault("an epsilon's offset") { $0.floats = $0.floats.map { $0 + 1e-3 } },
    Fault("a forgotten layer") { $0.floats = $0.floats.map { $0 / 0.7 - 0.5 } },
    Fault("dropout left on") {
      $0.floats = $0.floats.enumerated().map { $0.offset % 5 == 0 ? 0 : $0.element / 0.8 }
    },
    Fault("flipped time") { array in
      let width = array.shape[1] * array.shape[2]
      array.floats = (0..<array.shape[0]).reversed().flatMap { t in array.floats[t * width..<(t + 1) * width]
      }
    },
    Fault("one unit of one step") { $0.floats[7] += 1e-4 },
  ]

  @Test("A fault behind the last layer differs, and the finding names the place", arguments: cases)
  func faults(_ fault: Fault) throws {
    let judgement = try ParityCase.modelled().changing { fault.change(&$0.output) }.judged(.verdictOnly)
    #expect(judgement.verdict == .differs)
    let finding = try #require(judgement.boundaryFindings.first)
    guard case .boundary(let departure) = finding.subject, case .values(let ratio, _) = departure.difference
    else {
      Issue.record("\(finding)")
      return
    }
    #expect(departure.boundary == Self.logits && ratio > 50)
    #expect((departure.reference, departure.other) == ("keras", "pytorch"))
    #expect(finding.kind == "boundary" && finding.name == "outputs/logits")
  }

  @Test("A difference that one relation accounts for is named by it, with what was fitted")
  func relations() throws {
    func relation(_ change: @escaping @Sendable (inout RecordedArray) -> Void) throws -> ArrayRelation? {
      let changed = try ParityCase.modelled().changing { change(&$0.output) }
      return try changed.judgement(at: Self.logits).relation
    }
    func near(_ value: Double, _ expected: Double) -> Bool { (value - expected).magnitude < 1e-6 }
    guard case .affine(let factor, 0)? = try relation({ $0.floats = $0.floats.map { $0 * 1.25 } }) else {
      Issue.record("a scale is not named")
      return
    }
    #expect(near(factor, 1.25))
    guard case .affine(1, let offset)? = try relation({ $0.floats = $0.floats.map { $0 + 1e-3 } }) else {
      Issue.record("an offset is not named")
      return
    }
    #expect(near(offset, 1e-3))
    let dropped = try relation { array in
      array.floats = array.floats.enumerated().map {
        $0.offset % 5 == 0 ? 0 : Double(Float($0.element / 0.8))
      }
    }
    guard case .dropout(let probability)? = dropped else {
      Issue.record("dropout is not named")
      return
    }
    #expect(near(probability, 0.2))
    let width = try ParityCase.modelled().output.shape.dropFirst().reduce(1, *)
    @Sendable func steps(_ values: [Double]) -> [ArraySlice<Double>] {
      stride(from: 0, to: values.count, by: width).map { values[$0..<$0 + width] }
    }
    #expect(try relation { $0.floats = steps($0.floats).reversed().flatMap { $0 } } == .reversed)
    #expect(
      try relation { $0.floats = [Double](repeating: 0, count: 2 * width) + $0.floats.dropLast(2 * width) }
        == .shifted(by: 2))
    // One element more is no such relation.
    #expect(
      try relation { array in
        array.floats = array.floats.map { $0 * 1.25 }
        array.floats[7] += 1e-3
      } == nil)
  }

  @Test("NaN differs, also where both have it")
  func notANumber() throws {
    for both in [false, true] {
      let changed = try ParityCase.modelled().changing { parityCase in
        parityCase.output.floats[5] = .nan
        if both { parityCase.references[1].model?.outputs[0].floats[5] = .nan }
      }
      let judgement = changed.judged(.verdictOnly)
      #expect(judgement.verdict == .differs)
      #expect(
        try changed.judgement(at: Self.logits).outcome == .differs(.notANumber(count: 1, first: [0, 1, 2])))
    }
  }

  @Test("Equal infinities, as of masks, are equal, and unequal ones are not")
  func infinities() throws {
    let masked = try ParityCase.modelled().changing { parityCase in
      parityCase.output.floats[5] = -.infinity
      parityCase.references[1].model?.outputs[0].floats[5] = -.infinity
    }
    #expect(try masked.judgement(at: Self.logits).verdict == .match)
    let unlike = masked.changing { $0.output.floats[5] = .infinity }
    #expect(try unlike.judgement(at: Self.logits).verdict == .differs)
  }

  @Test("A unit that is wrong among many that are large is seen by itself")
  func slices() throws {
    let changed = try ParityCase.modelled().changing { parityCase in
      for index in parityCase.references.indices {
        // Unit 2 is a thousandth of the others, and moved by as much less.
        parityCase.references[index].model?.outputs[0].floats.scale(every: 3, from: 2, by: 1e-3)
        parityCase.references[index].model?.spread?.boundaries[Self.logits]?.axes[2][2] *= 1e-3
      }
      parityCase.output.floats.scale(every: 3, from: 2, by: 1.001)
    }
    let figures = try #require(try changed.judgement(at: Self.logits).figures)
    #expect(figures.slice == .at(axis: 2, index: 2) && figures.ratio > 100)
  }

  @Test("What rounding moves by more than a thousandth decides nothing, whatever the difference")
  func hugeSpread() throws {
    for change in [{ (array: inout RecordedArray) in }, { $0.floats = $0.floats.map { -$0 } }] {
      let changed = try ParityCase.modelled(spread: 0.05).changing { change(&$0.output) }
      let judgement = changed.judged(.verdictOnly)
      #expect(judgement.verdict == .inconclusive)
      guard case .undecided(.spread(let relative)) = try changed.judgement(at: Self.logits).outcome else {
        Issue.record("decided")
        continue
      }
      #expect(relative > 0.01 && relative < 1)
    }
  }

  @Test("Without a spread a rounding matches, a large fault differs, and what is between decides nothing")
  func missingSpread() throws {
    func verdict(_ factor: Double) throws -> Verdict {
      let changed = try ParityCase.modelled().changing { parityCase in
        for index in parityCase.references.indices { parityCase.references[index].model?.spread = nil }
        parityCase.output.floats = parityCase.output.floats.map { $0 * factor }
      }
      #expect(try changed.judgement(at: Self.logits).evidence == .none)
      return try changed.judgement(at: Self.logits).verdict
    }
    #expect(try verdict(1) == .match)
    #expect(try verdict(1.001) == .inconclusive)
    #expect(try verdict(1.1) == .differs)
  }

  @Test("Exchanged axes are found where nothing else fits, and a fault is seen through them")
  func exchanged() throws {
    let original = try ParityCase.modelled()
    let exchanged = original.changing { parityCase in
      parityCase.output = parityCase.output.transposed
      parityCase.references[0].model?.spread?.boundaries[Self.logits]?.axes.swapAt(0, 1)
    }
    let judgement = try exchanged.judgement(at: Self.logits)
    #expect(judgement.verdict == .match && judgement.isExchanged)
    let faulty = exchanged.changing { $0.output.floats[7] += 1e-4 }
    #expect(try faulty.judgement(at: Self.logits).verdict == .differs)
    let unlike = original.changing {
      $0.output.shape = [$0.output.shape[0], $0.output.shape[1] * 3, 1]
    }
    guard case .differs(.shapes) = try unlike.judgement(at: Self.logits).outcome else {
      Issue.record("\(try unlike.judgement(at: Self.logits).outcome)")
      return
    }
  }

  @Test("Axes of what a layer is fed are never exchanged: it would run over another one")
  func exchangedLayerInput() throws {
    let changed = try ParityCase.modelled().changing { parityCase in
      guard let input = parityCase.references[0].layers[1].input else { return }
      // Element by element, so that exchanging them back would fit.
      let (steps, batch, features) = (input.timesteps, input.batch, input.features)
      parityCase.references[0].layers[1].input = RecordedSequence(
        BatchedSequence(
          timesteps: batch, batch: steps, features: features,
          elements: (0..<batch).flatMap { b in
            (0..<steps).flatMap { t in (0..<features).map { input.elements[(t * batch + b) * features + $0] }
            }
          }))
      parityCase.references[0].layers[1].valid = ValidSteps(all: batch, batch: steps)
      parityCase.references[0].model?.spread?.boundaries[.layerInput(1)]?.axes.swapAt(0, 1)
    }
    let pair = BoundaryJudging(
      parityCase: changed, reference: changed.references[0], other: changed.references[1], layers: [(1, 1)],
      includesEnds: false)
    let judgement = try #require(pair.judgements().first)
    guard case .differs(.shapes) = judgement.outcome else {
      Issue.record("\(judgement.outcome)")
      return
    }
    #expect(!judgement.isExchanged)
  }

  @Test("Integers are equal or not, but where rounding moves them too")
  func integers() throws {
    let tokens = RecordedArray(name: "logits", shape: [2, 2], values: .integers([3, 1, 4, .max]))
    let original = try ParityCase.modelled().changing { parityCase in
      for index in parityCase.references.indices {
        parityCase.references[index].model?.outputs = [tokens]
        parityCase.references[index].model?.spread?.boundaries[Self.logits] = BoundarySpread(
          whole: 0, axes: [[0, 0], [0, 0]], moved: false)
      }
    }
    #expect(try original.judgement(at: Self.logits).verdict == .match)
    // One in 2⁶³ is lost in Float64.
    let changed = original.changing { $0.output.values = .integers([3, 1, 4, .max - 1]) }
    #expect(try changed.judgement(at: Self.logits).outcome == .differs(.integers(count: 1, first: [1, 1])))
    let asFloats = original.changing {
      $0.output.values = .floats([3, 1, 4, 0x1p63], .float32)
      $0.references[1].model?.outputs[0].values = .integers([3, 1, 4, 5])
    }
    #expect(try asFloats.judgement(at: Self.logits).outcome == .differs(.integers(count: 1, first: [1, 1])))
    let moved = changed.changing { $0.references[1].model?.spread?.boundaries[Self.logits]?.moved = true }
    #expect(try moved.judgement(at: Self.logits).outcome == .undecided(.moved))
  }

  @Test("A layer that is fed something else is named with the layer before it, and is the first")
  func layerInput() throws {
    let changed = try ParityCase.modelled().changing { parityCase in
      parityCase.references[0].layers[1].input?.elements[9] += 0.01
      parityCase.output.floats[0] += 1
    }
    let findings = changed.judged(.verdictOnly).boundaryFindings
    #expect(findings.count == 1)
    guard case .boundary(let departure) = findings[0].subject else { return }
    #expect(departure.boundary == .layerInput(1))
    #expect(departure.layerBefore == changed.references[0].layers[0].name)
    #expect(departure.layer == changed.references[0].layers[1].name)
  }

  @Test("Of a pinned run every boundary that differs is a finding, and a free run's spread hides none")
  func pinned() throws {
    let changed = try ParityCase.modelled().changing { parityCase in
      // What a chaotic layer makes of rounding in the free run.
      parityCase.references[0].model?.spread?.boundaries = [:]
      for boundary in [Boundary.layerInput(1), Self.logits] {
        let shape =
          boundary == Self.logits ? parityCase.output.shape : parityCase.references[0].layers[1].inputShape
        parityCase.references[0].model?.spread?.boundaries[boundary] = .uniform(0.1, shape)
      }
      parityCase.references[1].model?.spread?.pinned = "keras in original.h5"
      parityCase.references[0].layers[1].input?.elements[9] += 0.01
      parityCase.output.floats = parityCase.output.floats.map { $0 * 1.001 }
    }
    let judgement = changed.judged(.verdictOnly)
    #expect(judgement.boundaryFindings.map(\.name) == ["layers/1/input", "outputs/logits"])
    #expect(judgement.boundaries.last?.evidence == .pinned)
    let free = changed.changing { $0.references[1].model?.spread?.pinned = nil }
    #expect(try free.judgement(at: Self.logits).verdict == .inconclusive)
  }

  @Test("What the original's own arithmetic is off by counts where both runs are pinned alike")
  func held() throws {
    let pinned = try ParityCase.modelled().changing { parityCase in
      let shape = parityCase.output.shape
      parityCase.references[0].model?.spread?.boundaries[Self.logits] = .uniform(2e-4, shape)
      parityCase.references[1].model?.spread?.pinned = "keras in original.h5"
      parityCase.output.floats = parityCase.output.floats.map { $0 * 1.0003 }
    }
    #expect(try pinned.judgement(at: Self.logits).verdict == .differs)
    let held = pinned.changing { $0.references[0].model?.spread?.pinned = "keras in original.h5" }
    #expect(try held.judgement(at: Self.logits).verdict == .match)
    #expect(try held.judgement(at: Self.logits).evidence == .pinned)
  }

  @Test("An original that ran freely counts with its outputs held, where that was measured")
  func heldBesideFree() throws {
    let shape = try ParityCase.modelled().output.shape
    func recorded(_ held: Double?, free: Double = 0.1, factor: Double = 1.0003) throws -> BoundaryJudgement {
      try ParityCase.modelled().changing { parityCase in
        parityCase.references[0].model?.spread?.boundaries[Self.logits] = .uniform(free, shape)
        if let held { parityCase.references[0].model?.spread?.held[Self.logits] = .uniform(held, shape) }
        parityCase.references[1].model?.spread?.pinned = "keras in original.h5"
        parityCase.output.floats = parityCase.output.floats.map { $0 * factor }
      }.judgement(at: Self.logits)
    }
    #expect(try recorded(nil).verdict == .differs)
    let held = try recorded(2e-4)
    #expect(held.verdict == .match && held.evidence == .pinned)
    // It is the held spread that counts: what chaos makes of the free one hides no fault.
    #expect(try recorded(3e-7).verdict == .differs)
    #expect(try recorded(2e-4, factor: 1.1).verdict == .differs)
    // The other way around.
    let reversed = try ParityCase.modelled().changing { parityCase in
      parityCase.references[1].model?.spread?.boundaries[Self.logits] = .uniform(0.1, shape)
      parityCase.references[1].model?.spread?.held[Self.logits] = .uniform(2e-4, shape)
      parityCase.references[0].model?.spread?.pinned = "pytorch"
      parityCase.output.floats = parityCase.output.floats.map { $0 * 1.0003 }
    }
    #expect(try reversed.judgement(at: Self.logits).verdict == .match)
  }

  @Test("A state that is carried from chaos is judged by its spread, as one that was computed")
  func carriedState() throws {
    let boundary = Boundary.initialState(layer: 1, direction: .forward, .h)
    func recorded(_ spread: Double?) throws -> BoundaryJudgement {
      try ParityCase.modelled().changing { parityCase in
        for (index, sign) in [1.0, -1].enumerated() {
          let size = parityCase.references[index].layers[1].passes[0].cell.hiddenSize
          let batch = parityCase.input.batch
          parityCase.references[index].layers[1].passes[0].initialStateSource = .carried
          parityCase.references[index].layers[1].passes[0].initialState = State(
            h: Matrix(
              rows: batch, columns: size, elements: [Double](repeating: sign * 0.5, count: batch * size)))
          if let spread {
            let own = BoundarySpread.uniform(spread, [batch, size])
            parityCase.references[index].model?.spread?.boundaries[boundary] = own
          }
        }
      }.judgement(at: boundary)
    }
    #expect(try recorded(0.5).verdict == .inconclusive)
    #expect(try recorded(1e-7).verdict == .differs)
    #expect(try recorded(nil).verdict == .differs)
  }

  @Test("Only valid steps of what a layer is fed count, and others in one of the two differ")
  func validSteps() throws {
    let ragged = try ParityCase.modelled("simplegru-ragged").changing { parityCase in
      let last = parityCase.input.elements.count - 1
      let isPadding = !parityCase.valid.contains(parityCase.input.timesteps - 1, parityCase.input.batch - 1)
      #expect(isPadding)
      parityCase.references[0].layers[0].input?.elements[last] = 77
    }
    #expect(try ragged.judgement(at: .layerInput(0)).verdict == .match)
    let longer = ragged.changing { parityCase in
      let input = parityCase.input
      parityCase.references[0].layers[0].valid = ValidSteps(all: input.timesteps, batch: input.batch)
    }
    #expect(try longer.judgement(at: .layerInput(0)).outcome == .differs(.validSteps))
  }

  @Test("An output that only one has is not decided; an input that only one takes is said")
  func unpaired() throws {
    let extra = RecordedArray(name: "extra", shape: [2], values: .integers([1, 2]))
    let changed = try ParityCase.modelled().changing { parityCase in
      parityCase.references[1].model?.inputs.append(extra)
    }
    #expect(changed.judged(.verdictOnly).verdict == .match)
    #expect(try changed.judgement(at: .modelInput("extra")).outcome == .notCompared(onlyIn: "pytorch"))
    let more = changed.changing { $0.references[1].model?.outputs.append(extra) }
    #expect(more.judged(.verdictOnly).verdict == .inconclusive)
  }

  @Test("Ends of other names are paired where their shapes leave no choice")
  func names() throws {
    let renamed = try ParityCase.modelled().changing { $0.output.name = "dense_1" }
    #expect(try renamed.judgement(at: .modelOutput("dense_1")).otherBoundary == Self.logits)
  }

  @Test("What the recorder left out makes the case inconclusive, and what the user left out does not")
  func leftOut() throws {
    for (by, verdict) in [(LeavingOut.recorder, Verdict.inconclusive), (.user, .match)] {
      let changed = try ParityCase.modelled().changing {
        $0.references[1].model?.leftOut = [LeftOutModule(path: "cell", type: "LSTMCell", by: by, why: "")]
      }
      #expect(changed.judged(.verdictOnly).verdict == verdict)
    }
  }
}

extension RecordedLayer {
  fileprivate var inputShape: [Int] { input.map { [$0.timesteps, $0.batch, $0.features] } ?? [] }
}

extension [Double] {
  fileprivate mutating func scale(every step: Int, from first: Int, by factor: Double) {
    for index in stride(from: first, to: count, by: step) { self[index] *= factor }
  }
}
