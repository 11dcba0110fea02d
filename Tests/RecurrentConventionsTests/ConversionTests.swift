import RandomNetworks
import Recurrent
import RecurrentConventions
import Testing

@Suite struct ConversionTests {
  @Test("Two biases become their sum, and b_hh is gone")
  func twoToOne() throws {
    let cell = try Convention.pytorch.cell(Tensors.description, from: Tensors.pytorch)
    let one = cell.converted(to: .oneBias)
    #expect(one.gate.biasIH == [52, 54, 56])
    #expect(one.gate.biasHH == nil)
    #expect(one.gate.weightIH == cell.gate.weightIH)
    #expect(one.gate.weightHH == cell.gate.weightHH)
    #expect(one.rnn?.formula == .oneBias)
  }

  @Test("One bias becomes b_ih, and b_hh is zero")
  func oneToTwo() throws {
    let cell = try Convention.keras.cell(Tensors.description, from: Tensors.keras)
    let two = cell.converted(to: .twoBias)
    #expect(two.gate.biasIH == [21, 22, 23])
    #expect(two.gate.biasHH == [0, 0, 0])
    #expect(two.gate.weightIH == cell.gate.weightIH)
    #expect(two.gate.weightHH == cell.gate.weightHH)
    #expect(two.rnn?.formula == .twoBias)
  }

  @Test("Converting to the formula a cell has changes nothing", arguments: Convention.allCases)
  func same(_ convention: Convention) throws {
    let cell = try convention.cell(Tensors.description, from: Tensors.native(convention))
    #expect(cell.converted(to: convention.formula) == cell)
  }

  @Test("One bias to two and back is the same cell; two to one and back has forgotten which bias was whose")
  func asymmetry() throws {
    let keras = try Convention.keras.cell(Tensors.description, from: Tensors.keras)
    #expect(keras.converted(to: .twoBias).converted(to: .oneBias) == keras)
    let pytorch = try Convention.pytorch.cell(Tensors.description, from: Tensors.pytorch)
    let back = pytorch.converted(to: .oneBias).converted(to: .twoBias)
    #expect(back != pytorch)
    #expect(back.gate.biasIH == [52, 54, 56])
    #expect(back.gate.biasHH == [0, 0, 0])
  }

  @Test("A cell without biases has none in the other formula either")
  func withoutBias() throws {
    for (convention, formula) in [(Convention.pytorch, BiasFormula.oneBias), (.keras, .twoBias)] {
      let tensors = Tensors.withoutBias(convention)
      let converted = try convention.cell(Tensors.description, from: tensors).converted(to: formula)
      #expect(converted.gate.biasIH == nil)
      #expect(converted.gate.biasHH == nil)
    }
  }

  @Test("One bias of two becomes the only bias", arguments: [true, false])
  func oneOfTwo(first: Bool) throws {
    let matrix = Matrix<Double>(rows: 1, columns: 1, elements: [1])
    let gate = Gate(
      weightIH: matrix, weightHH: matrix, biasIH: first ? [5] : nil, biasHH: first ? nil : [5])
    let cell = Cell.rnn(RNNCell(gate: gate, activation: .tanh, formula: .twoBias))
    #expect(cell.converted(to: .oneBias).gate.biasIH == [5])
  }

  @Test("A cell computes the same function after a conversion there and back", arguments: Activation.samples)
  func sameFunction(_ activation: Activation) {
    var random = Randomness(seed: 20)
    let (I, H, B) = (5, 7, 3)
    let rnn: RNNCell<Double> = random.rnn(.twoBias, input: I, hidden: H, activation: activation)
    let cell = Cell.rnn(rnn)
    let x: Matrix<Double> = random.matrix(B, I)
    let h: Matrix<Double> = random.matrix(B, H)
    let expected = cell.step(x: x, h: h)
    // The random values are multiples of 2⁻²³ in −1 … 1: products are multiples of 2⁻⁴⁶ below 1, their sums
    // with the biases below 16, so in the 53 bits of Float64 every sum is exact, in any order.
    #expect(cell.converted(to: .oneBias).step(x: x, h: h) == expected)
    #expect(cell.converted(to: .oneBias).converted(to: .twoBias).step(x: x, h: h) == expected)
  }

  @Test("Weights written in the other convention are that convention's, and read back as the converted cell")
  func carriedOver() throws {
    let cell = try Convention.pytorch.cell(Tensors.description, from: Tensors.pytorch)
    let keras = try Convention.keras.tensors(of: cell.converted(to: .oneBias))
    #expect(keras["kernel"] == NativeTensor(shape: [2, 3], values: [1, 3, 5, 2, 4, 6]))
    #expect(
      keras["recurrent_kernel"]
        == NativeTensor(shape: [3, 3], values: [11, 14, 17, 12, 15, 18, 13, 16, 19]))
    #expect(keras["bias"] == NativeTensor(shape: [3], values: [52, 54, 56]))
    #expect(keras.count == 3)
    let back = try Convention.keras.cell(Tensors.description, from: keras)
    #expect(back == cell.converted(to: .oneBias))
  }
}
