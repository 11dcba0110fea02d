import ParityReport
import Recurrent
import RecurrentConventions
import RecurrentParity
import Testing

/// A user's own run, by what is public.
@Suite struct UsageTests {
  private static let (T, B, I, H) = (9, 3, 5, 4)

  private static func values(_ count: Int, _ chance: inout Chance) -> [Double] {
    (0..<count).map { _ in Double(Int.random(in: -(1 << 20)...(1 << 20), using: &chance)) / 0x1p20 }
  }

  /// A cell's own tensors, of one direction.
  private static func weights(
    _ convention: Convention, _ kind: CellKind, _ chance: inout Chance
  ) -> [String: NativeTensor] {
    let G = [.rnn: 1, .gru: 3, .lstm: 4][kind] ?? 1
    let gates = [.rnn: [""], .gru: ["r", "z", "n"], .lstm: ["i", "f", "g", "o"]][kind] ?? []
    let shapes: [(String, [Int])] =
      switch convention {
      case .pytorch:
        [("weight_ih", [G * H, I]), ("weight_hh", [G * H, H]), ("bias_ih", [G * H]), ("bias_hh", [G * H])]
      case .keras:
        [
          ("kernel", [I, G * H]), ("recurrent_kernel", [H, G * H]),
          ("bias", kind == .gru ? [2, G * H] : [G * H]),
        ]
      case .onnx: [("W", [G * H, I]), ("R", [G * H, H]), ("B", [2 * G * H])]
      case .flax:
        gates.flatMap { gate in
          [
            ("i\(gate)/kernel", [I, H]), ("h\(gate)/kernel", [H, H]),
            (kind == .lstm ? "h\(gate)/bias" : "i\(gate)/bias", [H]),
          ]
        } + (kind == .gru ? [("hn/bias", [H])] : [])
      case .mlx:
        [("Wx", [G * H, I]), ("Wh", [G * H, H])]
          + (kind == .gru ? [("b", [G * H]), ("bhn", [H])] : [("bias", [G * H])])
      }
    return Dictionary(
      uniqueKeysWithValues: shapes.map { name, shape in
        (name, NativeTensor(shape: shape, values: values(shape.reduce(1, *), &chance)))
      })
  }

  @Test(
    "Native tensors and an honest Float32 run of them match, and one other state does not",
    arguments: Convention.allCases, CellKind.allCases)
  func native(_ convention: Convention, _ kind: CellKind) throws {
    var chance = Chance(seed: 5)
    let tensors = Self.weights(convention, kind, &chance)
    let description = CellDescription(kind: kind, inputSize: Self.I, hiddenSize: Self.H)
    let x = BatchedSequence(
      timesteps: Self.T, batch: Self.B, features: Self.I,
      elements: Self.values(Self.T * Self.B * Self.I, &chance).map(Float.init))
    let cell = try convention.cell(description, from: tensors).converted(to: Float.self)
    let trace = Pass(direction: .backward, cell: cell).scan(x, lengths: [9, 4, 7])

    func parityCase(_ h: [Float]) throws -> ParityCase {
      let pass = try RecordedPass(
        direction: .backward, weights: tensors, convention: convention, description: description,
        states: RecordedStates(
          h: RecordedSequence(timesteps: Self.T, batch: Self.B, features: Self.H, elements: h),
          c: trace.states.c.map { try RecordedSequence($0) }))
      return try ParityCase(
        name: "mine", input: RecordedSequence(x), lengths: [9, 4, 7],
        references: [
          Reference(
            name: "mine", framework: "swift", convention: convention,
            layers: [RecordedLayer(name: "cell", passes: [pass])])
        ])
    }
    #expect(try parityCase(trace.states.h.elements).judged().verdict == .match)
    var spoiled = trace.states.h.elements
    spoiled[7] += 0.001
    let report = try parityCase(spoiled).report()
    #expect(report.verdict == "mismatch")
    #expect(report.text().contains("from t = 0, sequence 1, unit 3 of h") || kind == .lstm)
  }

  @Test("A cell and its states of one scalar type make a pass in a line", arguments: CellKind.allCases)
  func cell(_ kind: CellKind) throws {
    var chance = Chance(seed: 6)
    let description = CellDescription(kind: kind, inputSize: Self.I, hiddenSize: Self.H)
    let cell = try Convention.pytorch.cell(description, from: Self.weights(.pytorch, kind, &chance))
    let x = BatchedSequence(
      timesteps: Self.T, batch: Self.B, features: Self.I,
      elements: Self.values(Self.T * Self.B * Self.I, &chance))
    let start = State(
      h: Matrix(rows: Self.B, columns: Self.H, elements: Self.values(Self.B * Self.H, &chance)),
      c: kind == .lstm
        ? Matrix(rows: Self.B, columns: Self.H, elements: Self.values(Self.B * Self.H, &chance)) : nil)
    let trace = Pass(direction: .forward, cell: cell, initialState: start).scan(x)
    let pass = try RecordedPass(
      cell: cell, initialState: start, states: trace.states, finalState: trace.finalState)
    #expect(pass.format == .float64)
    let layer = try RecordedLayer(name: "cell", passes: [pass])
    let parityCase = try ParityCase(
      name: "mine", input: RecordedSequence(x),
      references: [Reference(name: "mine", framework: "swift", convention: .pytorch, layers: [layer])])
    #expect(parityCase.judged().verdict == .match)
    // The same weights in the other reference: the check across both is made too.
    let both = try parityCase.adding(
      Reference(name: "other", framework: "swift", convention: .pytorch, layers: [layer]))
    #expect(both.judged().cross.map(\.verdict) == [.match, .match])
  }
}
