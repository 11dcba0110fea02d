import RandomNetworks
import Recurrent
import RecurrentConventions
import Testing

/// A random cell, with and without what not every framework has.
struct SampleOption: CustomTestStringConvertible, Sendable {
  let variant: CellVariant
  let hasBias: Bool
  let activation: Activation
  let recurrentActivation: Activation

  var testDescription: String {
    "\(variant.rawValue), \(hasBias ? "biases" : "no biases"), \(activation), \(recurrentActivation)"
  }

  static let all = CellVariant.allCases.flatMap { variant in
    [true, false].map {
      SampleOption(variant: variant, hasBias: $0, activation: .tanh, recurrentActivation: .sigmoid)
    } + [
      SampleOption(variant: variant, hasBias: true, activation: .relu, recurrentActivation: .sigmoid),
      SampleOption(variant: variant, hasBias: true, activation: .selu, recurrentActivation: .sigmoid),
      SampleOption(variant: variant, hasBias: true, activation: .tanh, recurrentActivation: .hardSigmoid),
    ]
  }

  /// As a file of the convention would have it; nil where the framework has no such cell.
  func cell(of convention: Convention, random: inout Randomness) -> Cell<Double>? {
    let made: Cell<Double> = variant.cell(.twoBias, input: 3, hidden: 5, random: &random)
    var cell = made
    switch made {
    case .rnn(var rnn):
      rnn.activation = activation
      cell = .rnn(rnn)
    case .gru(var gru):
      (gru.activation, gru.recurrentActivation) = (activation, recurrentActivation)
      cell = .gru(gru)
    case .lstm(var lstm):
      (lstm.activation, lstm.recurrentActivation) = (activation, recurrentActivation)
      cell = .lstm(lstm)
    }
    if !hasBias { cell = cell.changing { ($1.biasIH, $1.biasHH) = (nil, nil) } }
    return (try? convention.converted(cell))?.cell
  }
}

@Suite struct ConvertedCellTests {
  @Test(
    "From any convention to any other: the same function and weights, and what is not as it was is said",
    arguments: Convention.allCases, Convention.allCases)
  func pairs(_ from: Convention, _ to: Convention) throws {
    var compared = 0
    for (number, option) in SampleOption.all.enumerated() {
      var random = Randomness(seed: UInt64(140 + number))
      guard let cell = option.cell(of: from, random: &random) else { continue }
      guard let there = try? to.converted(cell) else { continue }
      let back = try from.converted(there.cell)
      compared += 1
      #expect(zip(there.cell.gates, cell.gates).allSatisfy { $0.gate.weightIH == $1.gate.weightIH })
      #expect(zip(there.cell.gates, cell.gates).allSatisfy { $0.gate.weightHH == $1.gate.weightHH })
      if there.isReversible {
        #expect(back.tensors == (try from.tensors(of: cell)), "\(option.testDescription)")
      } else if there.changes.allSatisfy(\.addsZeros) {
        // Linen has no cell without biases: one that had none has zeros then.
        let original = try from.tensors(of: cell)
        #expect(original.allSatisfy { back.tensors[$0.key] == $0.value })
        #expect(back.tensors.allSatisfy { original[$0.key] != nil || $0.value.values.allSatisfy { $0 == 0 } })
      } else {
        // Then it is that biases were summed, of gates that had two.
        #expect(to != from && from.formula == .twoBias || from == .keras && option.variant == .gruResetAfter)
        #expect(back.tensors != (try from.tensors(of: cell)))
      }
      // Once there, it comes back to the same place however often it is carried.
      #expect(try to.converted(back.cell).tensors == there.tensors)
      // Multiples of 2⁻²³ below 1: sums of two are exact, and so are all products and sums of a step in Float64, whatever
      // their order; what differs are the formulas' last operations, of states below 4.
      let x: Matrix<Double> = random.matrix(2, 3)
      let h: Matrix<Double> = random.matrix(2, cell.stateSize)
      let c: Matrix<Double>? = cell.kind == .lstm ? random.matrix(2, 5) : nil
      let expected = cell.step(x: x, State(h: h, c: c)).h
      let found = there.cell.step(x: x, State(h: h, c: c)).h
      #expect(zip(expected.elements, found.elements).allSatisfy { abs($0 - $1) < 0x1p-48 * max(1, abs($0)) })
    }
    #expect(compared >= 6)
  }

  @Test("What a framework does not have is refused by the option's name")
  func refused() throws {
    var random = Randomness(seed: 150)
    func lstm(_ change: (inout LSTMCell<Double>) -> Void) -> Cell<Double> {
      let cell: Cell<Double> = CellVariant.lstm.cell(.twoBias, input: 3, hidden: 5, random: &random)
      guard case .lstm(var lstm) = cell else { return cell }
      change(&lstm)
      return .lstm(lstm)
    }
    func refusal(_ convention: Convention, _ cell: Cell<Double>) -> String? {
      #expect(throws: ConventionError.self) { try convention.converted(cell) }?.description
    }
    for convention in Convention.allCases where convention != .onnx {
      let name = "\(convention == .mlx ? "an" : "a") \(convention.title)"
      #expect(
        refusal(convention, lstm { $0.clip = 3 })
          == "clip: expected no clipping: \(name) LSTM has none, found some")
      #expect(
        refusal(convention, lstm { $0.inputForget = true })
          == "input_forget: expected false: \(name) LSTM has none, found true")
      #expect(
        refusal(convention, lstm { $0.outputActivation = .relu })
          == "output_activation: expected no activation of its own: \(name) LSTM has none, found one")
      #expect(
        refusal(convention, lstm { $0.input.peephole = [1, 2, 3, 4, 5] })?.contains("no peepholes") ?? false)
    }
    #expect(
      refusal(.pytorch, lstm { $0.activation = .relu })
        == "activation: expected tanh, the only one of nn.LSTM, found relu")
    #expect(
      refusal(.mlx, lstm { $0.recurrentActivation = .hardSigmoid })
        == "recurrent_activation: expected sigmoid, the only one of nn.LSTM, found hard_sigmoid")
    #expect(
      refusal(.onnx, lstm { $0.activation = .selu })
        == "activation: expected an activation that the operator names, found selu")
    let rnn: RNNCell<Double> = random.rnn(.twoBias, input: 3, hidden: 5, activation: .sigmoid)
    #expect(
      refusal(.pytorch, .rnn(rnn)) == "activation: expected tanh or relu, as nn.RNN has them, found sigmoid")
    #expect(refusal(.keras, lstm { $0.departure.zoneout = 0.1 })?.contains("departs") ?? false)
    #expect(
      refusal(.keras, lstm { $0.forget.biasHH?[1] = .nan }) == "bias: expected finite values, found nan")
  }

  @Test("Zeros that are added, dropped and summed are said, of which gates")
  func changes() throws {
    var random = Randomness(seed: 151)
    let gru: Cell<Double> = CellVariant.gruResetAfter.cell(.twoBias, input: 3, hidden: 5, random: &random)
    #expect(try Convention.pytorch.converted(gru).isReversible)
    #expect(try Convention.keras.converted(gru).isReversible)
    #expect(try Convention.mlx.converted(gru).changes == [.biasesSummed([.reset, .update])])
    let nnx = try Convention.flax.converted(gru).cell.changing { $1.biasHH = nil }
    #expect(try Convention.flax.converted(nnx).changes == [.zerosAdded([.new])])
    #expect(try Convention.mlx.converted(nnx).changes == [.zerosAdded([.new])])
    #expect(try Convention.pytorch.converted(nnx).changes == [.zerosAdded([.reset, .update, .new])])
    let lstm: Cell<Double> = CellVariant.lstm.cell(.twoBias, input: 3, hidden: 5, random: &random)
    let keras = try Convention.keras.converted(lstm)
    #expect(keras.changes == [.biasesSummed([.input, .forget, .cell, .output])])
    let back = try Convention.pytorch.converted(keras.cell)
    #expect(back.changes == [.zerosAdded([.input, .forget, .cell, .output])])
    #expect(
      try Convention.keras.converted(back.cell).changes
        == [.zerosDropped([.input, .forget, .cell, .output])])
  }

  @Test("A bias of negative zero comes back as negative zero")
  func negativeZero() throws {
    var random = Randomness(seed: 152)
    let cell = try Convention.keras.converted(
      .rnn(random.rnn(.oneBias, input: 3, hidden: 2))
    ).cell.changing { $1.biasIH = [-0.0, 1] }
    let back = try Convention.keras.converted(try Convention.pytorch.converted(cell).cell)
    #expect(back.tensors["bias"]?.values.map(\.sign) == [.minus, .plus])
  }
}

extension ConversionChange {
  fileprivate var addsZeros: Bool { if case .zerosAdded = self { true } else { false } }
}
