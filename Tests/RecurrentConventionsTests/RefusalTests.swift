import RandomNetworks
import Recurrent
import RecurrentConventions
import Testing

/// One change to a set of native weights that makes it another network, or none.
struct WeightChange: CustomTestStringConvertible, Sendable {
  let convention: Convention
  let name: String
  /// Nil takes the weight away.
  let shape: [Int]?
  let message: String

  init(_ convention: Convention, _ name: String, _ shape: [Int]?, _ message: String) {
    (self.convention, self.name, self.shape, self.message) = (convention, name, shape, message)
  }

  var testDescription: String { "\(convention): \(name) \(shape.map { "of shape \($0)" } ?? "absent")" }

  static let all = [
    WeightChange(.pytorch, "weight_ih", nil, "weight_ih: expected shape (3, 2), found nothing"),
    WeightChange(.pytorch, "weight_hh", nil, "weight_hh: expected shape (3, 3), found nothing"),
    WeightChange(.pytorch, "bias_ih", nil, "bias_ih: expected shape (3), found nothing"),
    WeightChange(.pytorch, "bias_hh", nil, "bias_hh: expected shape (3), found nothing"),
    WeightChange(.keras, "kernel", nil, "kernel: expected shape (2, 3), found nothing"),
    WeightChange(.keras, "recurrent_kernel", nil, "recurrent_kernel: expected shape (3, 3), found nothing"),

    WeightChange(.pytorch, "weight_ih", [2, 3], "weight_ih: expected shape (3, 2), found shape (2, 3)"),
    WeightChange(.pytorch, "weight_ih", [3, 3], "weight_ih: expected shape (3, 2), found shape (3, 3)"),
    WeightChange(.pytorch, "weight_ih", [6], "weight_ih: expected shape (3, 2), found shape (6)"),
    WeightChange(.pytorch, "weight_hh", [9, 3], "weight_hh: expected shape (3, 3), found shape (9, 3)"),
    WeightChange(.pytorch, "bias_ih", [1, 3], "bias_ih: expected shape (3), found shape (1, 3)"),
    WeightChange(.pytorch, "bias_hh", [6], "bias_hh: expected shape (3), found shape (6)"),
    WeightChange(.pytorch, "bias_hh", [], "bias_hh: expected shape (3), found shape ()"),
    WeightChange(.keras, "kernel", [3, 2], "kernel: expected shape (2, 3), found shape (3, 2)"),
    WeightChange(
      .keras, "recurrent_kernel", [3, 9], "recurrent_kernel: expected shape (3, 3), found shape (3, 9)"),
    WeightChange(.keras, "bias", [2, 3], "bias: expected shape (3), found shape (2, 3)"),
    WeightChange(.onnx, "W", nil, "W: expected shape (3, 2), found nothing"),
    WeightChange(.onnx, "R", [3, 2], "R: expected shape (3, 3), found shape (3, 2)"),
    WeightChange(.onnx, "B", [3], "B: expected shape (6), found shape (3)"),
    WeightChange(.onnx, "P", [9], "P: expected only B, W, R, found a weight that this cell does not read"),

    WeightChange(.flax, "i/kernel", nil, "i/kernel: expected shape (2, 3), found nothing"),
    WeightChange(.flax, "h/kernel", [3, 2], "h/kernel: expected shape (3, 3), found shape (3, 2)"),
    WeightChange(
      .flax, "h/bias", [3],
      "h/bias: expected only i/kernel, h/kernel, i/bias, found a weight that this cell does not read"),
    WeightChange(.mlx, "Wx", [2, 3], "Wx: expected shape (3, 2), found shape (2, 3)"),
    WeightChange(.mlx, "Wh", nil, "Wh: expected shape (3, 3), found nothing"),
    WeightChange(
      .mlx, "bhn", [3], "bhn: expected only Wx, Wh, bias, found a weight that this cell does not read"),

    WeightChange(
      .pytorch, "weight_hr", [2, 3],
      "weight_hr: expected only weight_ih, weight_hh, bias_ih, bias_hh, found a weight that this cell does not read"
    ),
    WeightChange(
      .pytorch, "kernel", [2, 3],
      "kernel: expected only weight_ih, weight_hh, bias_ih, bias_hh, found a weight that this cell does not read"
    ),
    WeightChange(
      .pytorch, "weight_ih_l0", [3, 2],
      "weight_ih_l0: expected only weight_ih, weight_hh, bias_ih, bias_hh, found a weight that this cell does not read"
    ),
    WeightChange(
      .keras, "bias_hh", [3],
      "bias_hh: expected only kernel, recurrent_kernel, bias, found a weight that this cell does not read"),
  ]
}

@Suite struct RefusalTests {
  @Test("A weight that is missing, misshapen or unused is refused by name", arguments: WeightChange.all)
  func refused(_ change: WeightChange) {
    var tensors = Tensors.native(change.convention)
    tensors[change.name] = change.shape.map {
      NativeTensor(shape: $0, values: [Double](repeating: 1, count: $0.reduce(1, *)))
    }
    let error = #expect(throws: ConventionError.self) {
      try change.convention.cell(Tensors.description, from: tensors)
    }
    #expect(error?.description == change.message)
  }

  @Test("The weights of one convention are refused by the other")
  func otherConvention() {
    let pytorch = #expect(throws: ConventionError.self) {
      try Convention.pytorch.cell(Tensors.description, from: Tensors.keras)
    }
    #expect(pytorch?.description == "weight_ih: expected shape (3, 2), found nothing")
    let keras = #expect(throws: ConventionError.self) {
      try Convention.keras.cell(Tensors.description, from: Tensors.pytorch)
    }
    #expect(keras?.description == "kernel: expected shape (2, 3), found nothing")
  }

  @Test("A cell whose biases are there in part is refused: every Flax and MLX cell has all of them or none")
  func someBiases() throws {
    var numbers = Randomness(seed: 63)
    let (I, H) = (2, 3)
    func missing(_ convention: Convention, _ variant: CellVariant, _ name: String) throws -> String? {
      let cell: Cell<Double> = variant.cell(.oneBias, input: I, hidden: H, random: &numbers)
      var tensors = try convention.tensors(of: cell)
      try #require(tensors.removeValue(forKey: name) != nil)
      let description = CellDescription(variant, input: I, hidden: H)
      return #expect(throws: ConventionError.self) {
        try convention.cell(description, from: tensors)
      }?.description
    }
    #expect(try missing(.flax, .lstm, "hg/bias") == "hg/bias: expected shape (3), found nothing")
    #expect(try missing(.flax, .gruResetAfter, "iz/bias") == "iz/bias: expected shape (3), found nothing")
    #expect(try missing(.mlx, .gruResetAfter, "b") == "b: expected shape (9), found nothing")
    #expect(try missing(.mlx, .gruResetAfter, "bhn") == "bhn: expected shape (3), found nothing")
  }

  @Test("Of several unused weights, the first by name is reported")
  func severalUnused() {
    var tensors = Tensors.keras
    for name in ["zeta", "alpha", "gamma"] { tensors[name] = NativeTensor(shape: [1], values: [0]) }
    let error = #expect(throws: ConventionError.self) {
      try Convention.keras.cell(Tensors.description, from: tensors)
    }
    #expect(error?.tensor == "alpha")
  }
}
