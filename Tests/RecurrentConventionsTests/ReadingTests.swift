import RandomNetworks
import Recurrent
import RecurrentConventions
import Testing

@Suite struct ReadingTests {
  @Test("PyTorch's weights are canonical as they are stored: units first")
  func pytorch() throws {
    let cell = try Convention.pytorch.cell(Tensors.description, from: Tensors.pytorch)
    #expect(cell.gate.weightIH == Matrix(rows: 3, columns: 2, elements: [1, 2, 3, 4, 5, 6]))
    #expect(
      cell.gate.weightHH == Matrix(rows: 3, columns: 3, elements: [11, 12, 13, 14, 15, 16, 17, 18, 19]))
    #expect(cell.gate.biasIH == [21, 22, 23])
    #expect(cell.gate.biasHH == [31, 32, 33])
  }

  @Test("Keras's weights are transposed: it stores the input axis first, and one bias")
  func keras() throws {
    let cell = try Convention.keras.cell(Tensors.description, from: Tensors.keras)
    #expect(cell.gate.weightIH == Matrix(rows: 3, columns: 2, elements: [1, 4, 2, 5, 3, 6]))
    #expect(
      cell.gate.weightHH == Matrix(rows: 3, columns: 3, elements: [11, 14, 17, 12, 15, 18, 13, 16, 19]))
    #expect(cell.gate.biasIH == [21, 22, 23])
    #expect(cell.gate.biasHH == nil)
  }

  @Test("ONNX's weights are PyTorch's under other names, its biases one after the other")
  func onnx() throws {
    let cell = try Convention.onnx.cell(Tensors.description, from: Tensors.onnx)
    #expect(cell == (try Convention.pytorch.cell(Tensors.description, from: Tensors.pytorch)))
  }

  @Test("Flax's weights are Keras's in a dense layer for each gate, MLX's are PyTorch's with one bias")
  func flaxAndMLX() throws {
    let keras = try Convention.keras.cell(Tensors.description, from: Tensors.keras)
    #expect(try Convention.flax.cell(Tensors.description, from: Tensors.flax) == keras)
    let mlx = try Convention.mlx.cell(Tensors.description, from: Tensors.mlx)
    #expect(mlx.gate.weightIH == Matrix(rows: 3, columns: 2, elements: [1, 2, 3, 4, 5, 6]))
    #expect(mlx.gate.weightHH.elements == [11, 12, 13, 14, 15, 16, 17, 18, 19])
    #expect((mlx.gate.biasIH, mlx.gate.biasHH) == ([21, 22, 23], nil))
  }

  @Test("The options of a description are those of the cell")
  func options() throws {
    var description = CellDescription(
      kind: .lstm, inputSize: 1, hiddenSize: 1, activation: .softsign, recurrentActivation: .hardTanh,
      outputActivation: .elu(alpha: 2), clip: 3, inputForget: true)
    let W = NativeTensor(shape: [4, 1], values: [1, 2, 3, 4])
    guard case .lstm(let lstm) = try Convention.onnx.cell(description, from: ["W": W, "R": W]) else {
      Issue.record("not an LSTM")
      return
    }
    #expect((lstm.activation, lstm.recurrentActivation) == (.softsign, .hardTanh))
    #expect((lstm.outputActivation, lstm.clip, lstm.inputForget) == (.elu(alpha: 2), 3, true))
    description.kind = .gru
    let V = NativeTensor(shape: [3, 1], values: [1, 2, 3])
    guard case .gru(let gru) = try Convention.onnx.cell(description, from: ["W": V, "R": V]) else {
      Issue.record("not a GRU")
      return
    }
    #expect(gru.clip == 3)
    description.kind = .rnn
    let U = NativeTensor(shape: [1, 1], values: [1])
    #expect(try Convention.onnx.cell(description, from: ["W": U, "R": U]).rnn?.clip == 3)
  }

  @Test("A convention brings its own formula, and the activation is the described one")
  func formula() throws {
    #expect(Convention.pytorch.formula == .twoBias)
    #expect(Convention.keras.formula == .oneBias)
    #expect(Convention.onnx.formula == .twoBias)
    #expect(Convention.flax.formula == .oneBias)
    #expect(Convention.mlx.formula == .oneBias)
    for convention in Convention.allCases {
      for activation in Activation.samples {
        var description = Tensors.description
        description.activation = activation
        let cell = try convention.cell(description, from: Tensors.native(convention))
        #expect(cell.rnn?.formula == convention.formula)
        #expect(cell.rnn?.activation == activation)
        #expect((cell.inputSize, cell.hiddenSize) == (2, 3))
        #expect(cell.kind == .rnn)
      }
    }
  }

  @Test("A cell without biases has none, rather than zeros", arguments: Convention.allCases)
  func withoutBias(_ convention: Convention) throws {
    let tensors = Tensors.withoutBias(convention)
    let cell = try convention.cell(Tensors.description, from: tensors)
    #expect(cell.gate.biasIH == nil)
    #expect(cell.gate.biasHH == nil)
  }

  @Test("Weights read and written again are the same weights", arguments: Convention.allCases, [true, false])
  func roundTrip(_ convention: Convention, hasBias: Bool) throws {
    let tensors = hasBias ? Tensors.native(convention) : Tensors.withoutBias(convention)
    #expect(try convention.tensors(of: try convention.cell(Tensors.description, from: tensors)) == tensors)
  }
}
