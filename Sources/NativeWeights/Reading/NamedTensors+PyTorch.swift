import Recurrent
import RecurrentConventions

/// `nn.RNN`, `nn.GRU`, `nn.LSTM` and their cells by the names of a `state_dict`: `encoder.weight_ih_l0_reverse`.
extension NamedTensors {
  private static let parameters = ["weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr"]

  mutating func takePyTorchLayers() throws(WeightFileError) -> [WeightLayer] {
    var modules: [String: PyTorchModule] = [:]
    var order: [String] = []
    for name in names {
      let (head, tail) = name.splitBehindLast(["."])
      guard let place = PyTorchPlace(tail) else { continue }
      if modules[head] == nil { order.append(head) }
      modules[head, default: PyTorchModule()].names[place.pass, default: [:]][place.parameter] = name
    }
    var layers: [WeightLayer] = []
    for head in order {
      guard let module = modules[head] else { continue }
      layers += try takeModule(head, module)
    }
    return layers
  }

  private mutating func takeModule(
    _ head: String, _ module: PyTorchModule
  ) throws(WeightFileError) -> [WeightLayer] {
    let name = head.withoutSeparator
    if let names = module.names[.cell] {
      var pass = try takePass(head, names, suffix: "")
      pass.said.direction = nil
      return [WeightLayer(name: name.isEmpty ? "cell" : name, convention: .pytorch, passes: [pass])]
    }
    let numbers = Set(module.names.keys.compactMap(\.layer)).sorted()
    var layers: [WeightLayer] = []
    for (index, number) in numbers.enumerated() {
      guard index == number else {
        throw error("\(head)weight_ih_l\(index)", expected: "a layer \(index) below \(number)", found: "none")
      }
      var passes: [WeightPass] = []
      for direction in Direction.allCases {
        let place = PyTorchPlace.Pass.layer(number, direction)
        guard let names = module.names[place] else {
          if direction == .forward {
            throw error("\(head)weight_ih\(place.suffix)", expected: "a forward direction", found: "none")
          }
          continue
        }
        passes.append(try takePass(head, names, suffix: place.suffix))
      }
      let layer = WeightLayer(
        name: name.isEmpty ? "l\(number)" : "\(name).l\(number)", module: name, convention: .pytorch,
        passes: passes, merge: passes.count == 2 ? .concat : nil,
        feed: layers.last.map { .layer($0.name) } ?? .unsaid)
      if let below = layers.last { try expect(layer, toRead: below, in: head, number) }
      layers.append(layer)
    }
    return layers
  }

  private mutating func takePass(
    _ head: String, _ names: [String: String], suffix: String
  ) throws(WeightFileError) -> WeightPass {
    var tensors: [String: StoredTensor] = [:]
    for parameter in Self.parameters {
      guard let name = names[parameter] else { continue }
      tensors[parameter] = take(name)
    }
    func matrix(_ parameter: String) throws(WeightFileError) -> [Int] {
      guard let tensor = tensors[parameter] else {
        throw error("\(head)\(parameter)\(suffix)", expected: "a matrix", found: "nothing")
      }
      guard tensor.shape.count == 2 else {
        throw error(tensor.path, expected: "a matrix", found: "shape \(tensor.shapeText)")
      }
      return tensor.shape
    }
    let (ih, hh) = (try matrix("weight_ih"), try matrix("weight_hh"))
    let projection = tensors["weight_hr"] == nil ? nil : try matrix("weight_hr")
    let hiddenSize = projection?[1] ?? hh[1]
    guard ih[0] == hh[0], let shape = CellShape(packed: ih[0], inputSize: ih[1], hiddenSize: hiddenSize),
      projection == nil || shape.kind == .lstm && projection == [hh[1], hiddenSize]
    else {
      let hr = projection.map { ", weight_hr \($0)" } ?? ""
      throw error(
        "\(head)weight_hh\(suffix)",
        expected: "weight_ih (G·H, I) and weight_hh (G·H, H) of G = 1, 3 or 4 gates",
        found: "weight_ih \(ih), weight_hh \(hh)\(hr)")
    }
    let isGated = shape.kind != .rnn
    let said = LayerOptions(
      kind: shape.kind, activation: isGated ? .tanh : nil, recurrentActivation: isGated ? .sigmoid : nil,
      resetAfter: shape.kind == .gru ? true : nil,
      direction: suffix.hasSuffix("_reverse") ? .backward : .forward)
    return WeightPass(
      said: said, inputSize: shape.inputSize, hiddenSize: shape.hiddenSize,
      projectionSize: projection?[0], tensors: tensors)
  }

  private func expect(
    _ layer: WeightLayer, toRead below: WeightLayer, in head: String, _ number: Int
  ) throws(WeightFileError) {
    let width = below.passes.reduce(0) { $0 + $1.stateSize }
    for pass in layer.passes where pass.inputSize != width {
      throw error(
        "\(head)weight_ih_l\(number)", expected: "\(width) columns, what layer \(number - 1) puts out",
        found: "\(pass.inputSize)")
    }
  }
}

private struct PyTorchModule {
  /// The full names, by pass and parameter.
  var names: [PyTorchPlace.Pass: [String: String]] = [:]
}

/// Which parameter of which pass a name is: "weight_ih_l0_reverse".
private struct PyTorchPlace {
  enum Pass: Hashable {
    /// Of `nn.LSTMCell` and its like, which have one.
    case cell
    case layer(Int, Direction)

    var layer: Int? {
      if case .layer(let number, _) = self { return number }
      return nil
    }

    var suffix: String {
      switch self {
      case .cell: ""
      case .layer(let number, .forward): "_l\(number)"
      case .layer(let number, .backward): "_l\(number)_reverse"
      }
    }
  }

  let parameter: String
  let pass: Pass

  init?(_ name: String) {
    guard
      let match = name.wholeMatch(
        of: #/(weight_ih|weight_hh|bias_ih|bias_hh|weight_hr)(?:_l([0-9]+)(_reverse)?)?/#)
    else { return nil }
    parameter = String(match.1)
    guard let digits = match.2 else {
      pass = .cell
      return
    }
    guard let number = Int(digits), String(number) == digits else { return nil }
    pass = .layer(number, match.3 == nil ? .forward : .backward)
  }
}
