import Recurrent

/// Integer kernels that quantize a network without calibration: each weight matrix once, by its largest magnitude,
/// each operand of a product when it comes, by its range then. So the scales follow from the recorded values.
///
/// The sums are exact integers; what rounds is what the operands are rounded to. Scales and levels are computed in
/// Float32, as the frameworks do: another rounding of a scale is another level somewhere.
///
/// Sources: onnxruntime/contrib_ops/cpu/quantization/dynamic_quantize_lstm.cc and
/// onnxruntime/python/tools/quantization/quant_utils.py (symmetric int8 weights, uint8 activations);
/// aten/src/ATen/native/quantized/cpu/qlinear_dynamic.cpp and torch/ao/quantization/observer.py (qint8 weights;
/// activations with `reduce_range`, 7 bits).
struct DynamicQuantization: Equatable, Sendable {
  let framework: String
  /// The level of the largest weight.
  let weightLevel: Float
  /// How many levels the range of an operand spans.
  let operandLevels: Float
  /// Whether the inputs of all timesteps share one range, or those of each timestep: a run step by step.
  let isInputWhole: Bool

  static let all = [true, false].flatMap { isInputWhole in
    [
      DynamicQuantization(
        framework: "ONNX Runtime", weightLevel: 127, operandLevels: 255, isInputWhole: isInputWhole),
      DynamicQuantization(
        framework: "PyTorch", weightLevel: 127.5, operandLevels: 127, isInputWhole: isInputWhole),
    ]
  }

  /// The problem with every operand of a product as the integer kernel sees it; nil for a cell in which h is projected,
  /// or reset before its product, or where it is not recorded.
  ///
  /// - Parameter units: the first units, if only these are wanted.
  func applied(to problem: StepwiseProblem, leading units: Int? = nil) -> StepwiseProblem? {
    guard problem.previous.h != nil, problem.cell.weightHR == nil, problem.input.spread == nil
    else { return nil }
    if problem.cell.kind == .gru { return appliedToGRU(problem, leading: units) }
    var quantized = problem
    quantized.cell = self.quantized(problem.cell, leading: units ?? problem.cell.hiddenSize)
    quantized.input = LayerInput(values: self.quantized(problem.input.values, together: isInputWhole))
    quantized.previous.h = problem.previous.h.map { self.quantized($0, together: false) }
    quantized.initialState?.h.elements = operand(problem.initialState?.h.elements ?? [])
    return quantized
  }

  /// A GRU's new state keeps some of the old one, which is no operand of a product and is not quantized: the products
  /// read the quantized state behind the input.
  private func appliedToGRU(_ problem: StepwiseProblem, leading units: Int?) -> StepwiseProblem? {
    guard let pasts = problem.pasts,
      var cell = quantized(problem.cell, leading: units ?? problem.cell.hiddenSize)
        .readingAddedState([.reset, .update, .new])
    else { return nil }
    cell = cell.changing { _, gate in
      gate.weightHH = Matrix(zeros: gate.weightHH.rows, gate.weightHH.columns)
    }
    var quantized = problem
    quantized.cell = cell
    quantized.input = LayerInput(
      values: self.quantized(problem.input.values, together: isInputWhole).joined(
        with: self.quantized(pasts, together: false)))
    return quantized
  }

  /// All gates of a matrix have one scale.
  private func quantized(_ cell: Cell<Double>, leading units: Int) -> Cell<Double> {
    func largest(_ weights: (Gate<Double>) -> Matrix<Double>) -> Float {
      Float(cell.gates.reduce(0) { max($0, weights($1.gate).elements.largestMagnitude) })
    }
    let (input, recurrent) = (largest(\.weightIH), largest(\.weightHH))
    return cell.leading(units).changing { _, gate in
      gate.weightIH.elements = weights(gate.weightIH.elements, largest: input)
      gate.weightHH.elements = weights(gate.weightHH.elements, largest: recurrent)
    }
  }

  private func weights(_ values: [Double], largest: Float) -> [Double] {
    let scale = largest == 0 ? 1 : largest / weightLevel
    return values.map {
      // The largest may lie between two levels, the upper of which int8 does not have.
      let level = (Float($0) / scale).rounded(.toNearestOrEven)
      return Double(min(max(level, -128), 127)) * Double(scale)
    }
  }

  /// Each timestep in its own range, or all in one.
  private func quantized(_ sequence: RecordedSequence, together: Bool) -> RecordedSequence {
    let whole = together ? OperandRange(sequence) : nil
    return sequence.mapped(storage: .float64) { _, window in
      if let whole { return operand(window.elements, in: whole) }
      return (0..<window.timesteps).flatMap { operand(window[$0].elements) }
    }
  }

  private func operand(_ values: [Double]) -> [Double] { operand(values, in: OperandRange(values)) }

  private func operand(_ values: [Double], in range: OperandRange) -> [Double] {
    let scale = range.high == range.low ? 1 : (range.high - range.low) / operandLevels
    let zero = (-range.low / scale).rounded(.toNearestOrEven)
    return values.map {
      let level = (Float($0) / scale).rounded(.toNearestOrEven) + zero
      return Double(min(max(level, 0), operandLevels) - zero) * Double(scale)
    }
  }
}

/// The range of some operands, zero among them.
private struct OperandRange {
  private(set) var low = Float(0)
  private(set) var high = Float(0)

  init(_ values: [Double]) { add(values) }

  init(_ sequence: RecordedSequence) {
    for times in sequence.windows() { add(sequence.window(times).elements) }
  }

  private mutating func add(_ values: [Double]) {
    for value in values {
      low = min(low, Float(value))
      high = max(high, Float(value))
    }
  }
}
