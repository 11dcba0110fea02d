import RandomNetworks
import Recurrent
import RecurrentConventions
import Testing

@testable import NativeWeights

@Suite struct ComparisonTests {
  /// A cell of Float32 numbers in PyTorch's names.
  private func pytorch(_ cell: Cell<Double>, name: String = "rnn.") throws -> [TestTensor] {
    try Convention.pytorch.tensors(of: cell.converted(to: .twoBias)).map { key, tensor in
      TestTensor("\(name)\(key)_l0", tensor.shape, tensor.values)
    }
  }

  private func keras(_ cell: Cell<Double>) throws -> [TestTensor] {
    try Convention.keras.tensors(of: cell.converted(to: .oneBias)).map { key, tensor in
      TestTensor("layer/\(key)", tensor.shape, tensor.values)
    }
  }

  private func compared(_ a: [TestTensor], _ b: [TestTensor], type: String = "F32") throws
    -> NetworkComparison
  {
    let scratch = try Scratch()
    let first = try WeightFile(contentsOf: try scratch.safetensors(a))
    let second = try WeightFile(
      contentsOf: try scratch.write("b.safetensors", Safetensors(b, type: type).bytes))
    return try first.compared(with: second)
  }

  private func cell(_ variant: CellVariant) -> Cell<Double> {
    var random = Randomness(seed: 3)
    // Biases of unlike sizes, whose sums are no Float32.
    return variant.cell(.twoBias, input: 4, hidden: 4, random: &random).changing { _, gate in
      gate.biasHH = gate.biasHH.map { $0.map { Double(Float($0 / 1000)) } }
    }
  }

  private static let plain: [CellVariant] = [.rnn, .gruResetAfter, .lstm]

  @Test("A file is itself", arguments: plain)
  func same(_ variant: CellVariant) throws {
    let tensors = try pytorch(cell(variant))
    #expect(try compared(tensors, tensors).agreement == .exact)
  }

  @Test(
    "A conversion into Keras's layout is the same network, as far as its sums are rounded", arguments: plain)
  func converted(_ variant: CellVariant) throws {
    let cell = cell(variant)
    let comparison = try compared(pytorch(cell), keras(cell))
    #expect(comparison.agreement == (variant == .gruResetAfter ? .exact : .rounded))
    let parameters = comparison.layers.flatMap(\.passes).flatMap(\.parameters)
    #expect(parameters.filter { $0.name != "bias" }.allSatisfy { $0.agreement == .exact })
  }

  @Test(
    "One parameter that is one unit in the last place off is found, by its place and both values",
    arguments: plain)
  func onePlace(_ variant: CellVariant) throws {
    let cell = cell(variant)
    let changed = cell.changing { kind, gate in
      guard kind == cell.gates[0].kind else { return }
      gate.weightHH.elements[7] = Double(Float(gate.weightHH.elements[7]).nextUp)
    }
    let comparison = try compared(pytorch(cell), keras(changed))
    #expect(comparison.agreement == .different)
    let found = comparison.layers[0].passes[0].parameters.filter { $0.agreement == .different }
    #expect(
      found.map(\.name) == ["weight_hh"] && found[0].gate == cell.gates[0].kind && found[0].differing == 1)
    #expect(found[0].worst?.place == [1, 3])
    #expect(found[0].worst?.second == changed.gates[0].gate.weightHH.elements[7])
  }

  @Test("Gates in another order, transposed weights and lost biases are named")
  func relations() throws {
    let cell = cell(.lstm)
    let gates = Dictionary(uniqueKeysWithValues: cell.gates.map { ($0.kind, $0.gate) })
    func expect(_ relation: CellRelation, _ change: (GateKind, inout Gate<Double>) -> Void) throws {
      let comparison = try compared(pytorch(cell), keras(cell.changing(change)))
      #expect(comparison.agreement == .different)
      #expect(comparison.layers[0].passes[0].relation == relation)
    }
    try expect(.gatesPermuted([(.cell, .forget), (.forget, .cell)])) { kind, gate in
      if kind == .forget {
        gate = gates[.cell] ?? gate
      } else if kind == .cell {
        gate = gates[.forget] ?? gate
      }
    }
    try expect(.recurrentTransposed) { $1.weightHH = $1.weightHH.transposed() }
    try expect(.inputTransposed) { $1.weightIH = $1.weightIH.transposed() }
    try expect(.biasHHLost) { $1.biasHH = nil }
    try expect(.biasLost) { kind, gate in (gate.biasIH, gate.biasHH) = (nil, nil) }
    // What nothing explains is not explained.
    let other = try compared(pytorch(cell), keras(self.cell(.lstm).changing { $1.weightIH.elements[0] = 2 }))
    #expect(other.layers[0].passes[0].relation == nil && other.agreement == .different)
  }

  @Test("A GRU's two biases are no sum")
  func resetAfter() throws {
    let cell = cell(.gruResetAfter)
    let merged = cell.changing { kind, gate in
      guard kind == .new, let biasIH = gate.biasIH, let biasHH = gate.biasHH else { return }
      gate.biasIH = zip(biasIH, biasHH).map { Double(Float($0 + $1)) }
      gate.biasHH = biasHH.map { _ in 0 }
    }
    let comparison = try compared(pytorch(cell), pytorch(merged))
    #expect(comparison.agreement == .different)
    let found = comparison.layers[0].passes[0].parameters.filter { $0.agreement == .different }
    #expect(found.map(\.name) == ["bias_ih", "bias_hh"] && found.allSatisfy { $0.gate == .new })
  }

  @Test("A lower format is the same as far as it rounds, and no further")
  func formats() throws {
    var cell = cell(.rnn)
    let tensors = try pytorch(cell)
    let comparison = try compared(tensors, tensors, type: "BF16")
    // What was cut off, and not rounded, is up to twice as far off.
    #expect(comparison.layers[0].passes[0].formats?.second == "bfloat16")
    #expect(comparison.agreement == .different)
    cell = cell.changing { _, gate in
      gate.weightIH.elements = gate.weightIH.elements.map {
        Double(Float(bitPattern: Float($0).bitPattern & ~0xFFFF))
      }
      gate.weightHH.elements = gate.weightHH.elements.map {
        Double(Float(bitPattern: Float($0).bitPattern & ~0xFFFF))
      }
      (gate.biasIH, gate.biasHH) = (nil, nil)
    }
    let cut = try pytorch(cell)
    #expect(try compared(cut, cut, type: "BF16").agreement == .exact)
  }

  @Test("Layers pair by name, by size, by their values; one too many is a difference; dense heads are found")
  func pairing() throws {
    var random = Randomness(seed: 4)
    let (a, b): (Cell<Double>, Cell<Double>) = (
      CellVariant.rnn.cell(.twoBias, input: 4, hidden: 4, random: &random),
      CellVariant.rnn.cell(.twoBias, input: 4, hidden: 4, random: &random)
    )
    let first = try pytorch(a, name: "a.") + pytorch(b, name: "b.") + [TestTensor("head.weight", 3, 5)]
    let head = TestTensor("head.weight", 3, 5)
    let transposed = TestTensor(
      "dense/kernel", [5, 3], (0..<15).map { head.values[$0 % 3 * 5 + $0 / 3] })
    let second = try pytorch(b, name: "x.") + pytorch(a, name: "y.") + [transposed]
    let comparison = try compared(first, second)
    #expect(comparison.agreement == .exact)
    #expect(comparison.layers.map { [$0.first, $0.second] } == [["a.l0", "y.l0"], ["b.l0", "x.l0"]])
    #expect(comparison.others.map(\.isTransposed) == [true])
    #expect(try compared(first, Array(second.prefix(4))).agreement == .different)
  }
}
