import Recurrent
import RecurrentConventions
import Testing

@testable import RecurrentParity

/// The states of an operator of ONNX Runtime 1.32.0 over four steps of one sequence, printed by
/// `Tests/Oracles/onnxruntime_steps.py`.
struct Recording: CustomTestStringConvertible, Sendable {
  let name: String
  let description: CellDescription
  /// `(T, H)`
  let h: [Float]
  let c: [Float]?

  var testDescription: String { name }

  init(_ name: String, _ description: CellDescription, h: [Float], c: [Float]? = nil) {
    (self.name, self.description, self.h, self.c) = (name, description, h, c)
  }

  static let all = [
    Recording(
      "rnnClip",
      CellDescription(kind: .rnn, inputSize: 2, hiddenSize: 3, clip: 0.5),
      h: [
        -0.21532631, -0.46211714, 0.4621172, -0.26717103, 0.30884755, 0.4621172, 0.4621172,
        -0.29898536, -0.46211714, 0.4621172, 0.4621172, -0.17538118,
      ]),
    Recording(
      "rnnElu",
      CellDescription(kind: .rnn, inputSize: 2, hiddenSize: 3, activation: .elu(alpha: 2)),
      h: [
        -0.39295483, -1.0843333, 0.515625, -0.9577186, 0.89039147, 1.19081, 0.97354305, -1.3690478,
        -1.3495128, 0.8069049, 2.3279977, 0.40861392,
      ]),
    Recording(
      "rnnSoftplus",
      CellDescription(kind: .rnn, inputSize: 2, hiddenSize: 3, activation: .softplus),
      h: [
        0.58974177, 0.37695128, 0.98383164, 0.56432176, 0.51957047, 1.5986311, 0.74775195,
        0.49195802, 0.8873137, 1.0559587, 0.7607592, 0.76965594,
      ]),
    Recording(
      "rnnLeakyRelu",
      CellDescription(kind: .rnn, inputSize: 2, hiddenSize: 3, activation: .leakyRelu(alpha: 0.1)),
      h: [
        -0.021875, -0.078125, 0.515625, -0.011562499, -0.0023046874, 0.96601564, 0.31956547,
        0.0036621094, -0.0051513673, 0.98811704, 0.6237482, -0.02640887,
      ]),
    Recording(
      "gruClipAfter",
      CellDescription(kind: .gru, inputSize: 2, hiddenSize: 3, clip: 0.5, resetAfter: true),
      h: [
        -0.6179973, 0.20588684, 0.6179973, -0.52096826, 0.30262423, 0.52096826, -0.48847383,
        0.123737924, 0.33697036, -0.4748104, -0.09744622, 0.2920788,
      ]),
    Recording(
      "gruClipBefore",
      CellDescription(kind: .gru, inputSize: 2, hiddenSize: 3, clip: 0.5, resetAfter: false),
      h: [
        -0.6179973, 0.20588684, 0.6179973, -0.52096826, 0.25930297, 0.52096826, -0.48808038,
        -0.001803711, 0.3658401, -0.41767526, -0.17559078, 0.32479298,
      ]),
    Recording(
      "gruActivations",
      CellDescription(
        kind: .gru, inputSize: 2, hiddenSize: 3, activation: .softsign,
        recurrentActivation: .hardSigmoidONNX(alpha: 0.3, beta: 0.4), resetAfter: false),
      h: [
        -0.63317215, 0.27249414, 0.7127818, -0.5834316, 0.30961627, 0.6631149, -0.4800477,
        0.061600983, 0.23210344, -0.36276394, -0.046369035, 0.27951962,
      ]),
    Recording(
      "lstmPeepholes",
      CellDescription(kind: .lstm, inputSize: 2, hiddenSize: 3),
      h: [
        -0.34618962, 0.018376585, -0.18396756, -0.1812147, -0.008295505, -0.20748511, -0.23590873,
        0.23257966, -0.4043286, -0.25986618, 0.23695694, -0.4528882,
      ],
      c: [
        -0.38226253, 0.16591136, -1.3824716, -0.21143416, -0.055632047, -1.7566779, -0.6749181,
        0.6908713, -1.8406541, -0.957021, 0.7409776, -1.9078066,
      ]),
    Recording(
      "lstmClip",
      CellDescription(kind: .lstm, inputSize: 2, hiddenSize: 3, clip: 0.5),
      h: [
        -0.24203613, 0.036667705, -0.25620922, -0.128989, -0.020090744, -0.23151724, -0.16536331,
        0.10771903, -0.33778524, -0.21195856, 0.13976601, -0.3160747,
      ],
      c: [
        -0.41043097, 0.09742964, -0.82656395, -0.2102699, -0.0532651, -0.71407306, -0.37883794,
        0.26753938, -0.6189494, -0.50036883, 0.38865614, -0.5597389,
      ]),
    Recording(
      "lstmInputForget",
      CellDescription(kind: .lstm, inputSize: 2, hiddenSize: 3, inputForget: true),
      h: [
        -0.529589, 0.0038759531, -0.19103864, -0.36838904, -0.034956876, -0.23162346, -0.26494193,
        0.23901778, -0.4139832, -0.26121816, 0.22070606, -0.46610832,
      ],
      c: [
        -0.6419784, 0.033687368, -0.9966216, -0.4585384, -0.21728535, -0.9962208, -0.74821883,
        0.67201984, -0.991163, -0.84108204, 0.6484597, -0.98801553,
      ]),
    Recording(
      "lstmActivations",
      CellDescription(
        kind: .lstm, inputSize: 2, hiddenSize: 3, activation: .elu(alpha: 1), outputActivation: .softsign),
      h: [
        -0.2483934, 0.016102951, -0.12164185, -0.14902784, -0.0006491688, -0.14081395, -0.16063023,
        0.18159103, -0.27705285, -0.17695136, 0.16521299, -0.3016332,
      ],
      c: [
        -0.35369328, 0.16842204, -1.3584833, -0.20765749, -0.0047494695, -1.7287294, -0.609212,
        1.0546353, -1.7888455, -0.84213734, 1.0272081, -1.8399495,
      ]),
  ]
}

/// The formulas are ONNX Runtime's: what it computed is one step of them from what it computed before.
@Suite struct ONNXRuntimeTests {
  private static let (timesteps, input, hidden) = (4, 2, 3)

  @Test("What ONNX Runtime computes is the declared formula in Float", arguments: Recording.all)
  func declared(_ recording: Recording) throws {
    let assessment = try problem(recording).assessed(in: ErrorModel(.float32))
    #expect(assessment.explainsAll)
    #expect(assessment.figures.maxBoundRatio < 1)
    #expect(assessment.figures.maxBoundRatio > 0, "nothing was compared")
  }

  @Test("Without its options it is another formula", arguments: Recording.all)
  func undeclared(_ recording: Recording) throws {
    var plain = try problem(recording)
    plain.cell = plain.cell.withoutOptions
    #expect(plain.assessed(in: ErrorModel(.float32)).figures.maxBoundRatio > 1000)
  }

  /// Multiples of ⅛ between −1 and 1, by the rule of the script.
  private func values(_ start: Int, _ count: Int) -> [Double] {
    (0..<count).map { Double(((start + $0) * 7 + 3) % 17 - 8) / 8 }
  }

  private func problem(_ recording: Recording) throws -> StepwiseProblem {
    let (T, I, H) = (Self.timesteps, Self.input, Self.hidden)
    let rows = recording.description.gateCount * H
    var tensors = [
      "W": NativeTensor(shape: [rows, I], values: values(0, rows * I)),
      "R": NativeTensor(shape: [rows, H], values: values(100, rows * H)),
      "B": NativeTensor(shape: [2 * rows], values: values(200, 2 * rows)),
    ]
    if recording.c != nil { tensors["P"] = NativeTensor(shape: [3 * H], values: values(300, 3 * H)) }
    func sequence(_ elements: [Double]) -> BatchedSequence<Double> {
      BatchedSequence(timesteps: T, batch: 1, features: elements.count / T, elements: elements)
    }
    func state(_ start: Int) -> Matrix<Double> { Matrix(rows: 1, columns: H, elements: values(start, H)) }
    let states = RecordedStates(
      h: sequence(recording.h.map(Double.init)), c: recording.c.map { sequence($0.map(Double.init)) })
    return StepwiseProblem(
      cell: try Convention.onnx.cell(recording.description, from: tensors), direction: .forward,
      input: LayerInput(values: sequence(values(400, T * I))), target: states, previous: states,
      initialState: State(h: state(500), c: recording.c == nil ? nil : state(510)),
      valid: ValidSteps(all: T, batch: 1), steps: StepIndex.all(ValidSteps(all: T, batch: 1)))
  }
}

extension Cell<Double> {
  /// The cell with nothing but what every framework has.
  fileprivate var withoutOptions: Cell {
    let gates = changing { $1.peephole = nil }
    switch gates {
    case .rnn(let cell): return .rnn(RNNCell(gate: cell.gate, activation: .tanh, formula: cell.formula))
    case .gru(let cell):
      return .gru(
        GRUCell(
          reset: cell.reset, update: cell.update, new: cell.new, resetAfter: cell.resetAfter,
          formula: cell.formula))
    case .lstm(let cell):
      return .lstm(
        LSTMCell(
          input: cell.input, forget: cell.forget, cell: cell.cell, output: cell.output, formula: cell.formula)
      )
    }
  }
}
