import Recurrent

/// The recurrent nodes of an ONNX model, as `rnn_parity convert` writes them beside their tensors: with their attributes.
struct ONNXNodes {
  struct Node {
    let name: String
    let kind: CellKind
    let directions: [Direction]
    /// One for each direction.
    let said: [LayerOptions]
    /// What no formula here has.
    let otherOptions: [String]
  }

  let nodes: [Node]

  init(_ text: String) throws(JSONFailure) {
    guard let list = try JSONValue(text).array else {
      throw JSONFailure(expected: "an array of nodes", found: "something else")
    }
    var nodes: [Node] = []
    for value in list { nodes.append(try Node(value)) }
    self.nodes = nodes
  }
}

extension ONNXNodes.Node {
  init(_ value: JSONValue) throws(JSONFailure) {
    guard let name = value["name"]?.string else {
      throw JSONFailure(expected: "a name of every node", found: "none")
    }
    self.name = name
    func choice<Choice>(
      _ member: String, _ choices: [String: Choice], default fallback: String? = nil
    ) throws(JSONFailure) -> Choice {
      let text = value[member]?.string ?? fallback
      guard let text, let choice = choices[text] else {
        throw JSONFailure(
          expected: "\(member) of node \"\(name)\": one of \(choices.keys.sorted().joined(separator: ", "))",
          found: text.map { "\"\($0)\"" } ?? "nothing")
      }
      return choice
    }
    kind = try choice("op_type", ["RNN": .rnn, "GRU": .gru, "LSTM": .lstm])
    directions = try choice(
      "direction", ["forward": [.forward], "reverse": [.backward], "bidirectional": [.forward, .backward]],
      default: "forward")
    let functions = ONNXFunctions(
      names: (value["activations"]?.array ?? []).compactMap(\.string), value["activation_alpha"]?.array ?? [],
      value["activation_beta"]?.array ?? [], kind: kind, directions: directions.count)
    guard functions.activations.count == functions.count else {
      throw JSONFailure(
        expected: "\(functions.count) activations of node \"\(name)\"",
        found: "\(functions.activations.count)")
    }
    var others = functions.unknown
    var clip: Double?
    if case .number(let limit)? = value["clip"] {
      guard limit > 0, limit.isFinite else {
        throw JSONFailure(expected: "clip of node \"\(name)\" above 0", found: "\(limit)")
      }
      clip = limit
    }
    if let before = value["linear_before_reset"]?.int, before != 0, kind != .gru {
      others.append("linear_before_reset \(before)")
    }
    let (kind, directions) = (self.kind, self.directions)
    said = directions.enumerated().map { index, direction in
      let start = index * functions.count / max(directions.count, 1)
      var said = LayerOptions(kind: kind, clip: clip, direction: direction)
      switch kind {
      case .rnn: said.activation = functions.activations[start]
      case .gru:
        said.recurrentActivation = functions.activations[start]
        said.activation = functions.activations[start + 1]
        said.resetAfter = (value["linear_before_reset"]?.int ?? 0) != 0
      case .lstm:
        said.recurrentActivation = functions.activations[start]
        said.activation = functions.activations[start + 1]
        let output = functions.activations[start + 2]
        said.outputActivation = output == said.activation ? nil : output
        said.inputForget = (value["input_forget"]?.int ?? 0) != 0
      }
      return said
    }
    otherOptions = others
  }
}

/// The functions of a node, each with the parameters that it takes from the lists that all share.
private struct ONNXFunctions {
  private(set) var activations: [Activation] = []
  /// What no formula here has.
  private(set) var unknown: [String] = []
  /// How many the node has.
  let count: Int

  init(names: [String], _ alphas: [JSONValue], _ betas: [JSONValue], kind: CellKind, directions: Int) {
    let defaults: [String] =
      switch kind {
      case .rnn: ["Tanh"]
      case .gru: ["Sigmoid", "Tanh"]
      case .lstm: ["Sigmoid", "Tanh", "Tanh"]
      }
    count = defaults.count * directions
    let names = names.isEmpty ? (0..<directions).flatMap { _ in defaults } : names
    var (alphas, betas) = (alphas[...], betas[...])
    func next(_ values: inout ArraySlice<JSONValue>, _ fallback: Double) -> Double {
      if case .number(let value)? = values.popFirst() { value } else { fallback }
    }
    for name in names {
      var activation: Activation?
      switch name.lowercased() {
      case "tanh": activation = .tanh
      case "sigmoid": activation = .sigmoid
      case "relu": activation = .relu
      case "softsign": activation = .softsign
      case "softplus": activation = .softplus
      case "elu": activation = try? Activation(.elu, alpha: next(&alphas, 1))
      case "leakyrelu": activation = try? Activation(.leakyRelu, alpha: next(&alphas, 0.01))
      case "hardsigmoid":
        activation = try? Activation(.hardSigmoid, alpha: next(&alphas, 0.2), beta: next(&betas, 0.5))
      case "affine":
        let (alpha, beta) = (next(&alphas, 1), next(&betas, 0))
        activation = alpha == 1 && beta == 0 ? .linear : nil
      case "scaledtanh":
        let (alpha, beta) = (next(&alphas, 1), next(&betas, 1))
        activation = alpha == 1 && beta == 1 ? .tanh : nil
      case "thresholdedrelu": _ = next(&alphas, 1)
      default: break
      }
      if activation == nil { unknown.append("activation \(name)") }
      activations.append(activation ?? .linear)
    }
  }
}
