import Recurrent

/// A model of Keras, from its configuration: the recurrent layers in the order that the model has them, and what each reads.
struct KerasModel {
  /// A recurrent layer, or one cell of a stack of cells.
  struct Layer {
    /// "inner/gru"; a cell of a stack is "stack/lstm_cell".
    var name: String
    var module: String
    /// The layers of the model that it is in, outermost first, its own last: what its variables are called by.
    var path: [String]
    var cells: [Cell]
    var merge: MergeMode?
    var feed: LayerFeed
    var returnsSequences: Bool
    /// What no formula here has.
    var otherOptions: [String] = []
  }

  /// The cell of one pass.
  struct Cell {
    var said: LayerOptions
    var units: Int
    var usesBias: Bool
    /// Of one cell among several of a layer, what its variables' path has beside the layer's name.
    var name: String?
    var isBackwardHalf = false
    /// What no formula here has.
    var otherOptions: [String] = []
  }

  private(set) var layers: [Layer] = []
  /// Kinds of layers that cannot be read as recurrent ones, by name: "conv_lstm2d (ConvLSTM2D)".
  private(set) var unread: [String] = []
  private let version: String?

  /// - Throws: `JSONFailure` for what is no configuration of a model.
  init(_ text: String, version: String?) throws(JSONFailure) {
    self.version = version
    let model = try JSONValue(text)
    guard model["class_name"]?.string != nil, let config = model["config"] else {
      throw JSONFailure(expected: "a model with class_name and config", found: "none")
    }
    _ = walk(config, prefix: [], input: .other("the model's input"))
  }

  /// Takes down the recurrent layers of a model.
  ///
  /// - Returns: what reads the model's output reads.
  private mutating func walk(_ config: JSONValue, prefix: [String], input: LayerFeed) -> LayerFeed {
    // Before Keras 2.2.3 a Sequential's configuration was the list itself.
    let entries = (config["layers"]?.array ?? config.array ?? []).map(KerasNode.init)
    let isGraph = entries.contains { $0.inbound != nil }
    var outputs: [String: LayerFeed] = [:]
    var last = input
    for entry in entries {
      var feed = last
      var states: [String] = []
      if isGraph {
        var inbound = entry.inbound ?? KerasNode.Inbound(calls: 0, main: [], others: [])
        if entry.isRecurrent, inbound.main.count > 1 {
          inbound.others += inbound.main.dropFirst()
          inbound.main = Array(inbound.main.prefix(1))
        }
        states = inbound.others
        switch (inbound.calls, inbound.main.count) {
        case (0, _): feed = input
        case (1, 1): feed = outputs[inbound.main[0]] ?? .other(inbound.main[0])
        case (1, _): feed = .other(inbound.main.joined(separator: " and "))
        default: feed = .other("several inputs, one after the other")
        }
      }
      last = output(of: entry, prefix: prefix, feed: feed, states: states)
      outputs[entry.name] = last
    }
    guard isGraph else { return last }
    let ends = KerasNode.names(config["output_layers"])
    return ends.count == 1 ? outputs[ends[0]] ?? .other(ends[0]) : .other("several outputs")
  }

  private mutating func output(
    of entry: KerasNode, prefix: [String], feed: LayerFeed, states: [String]
  ) -> LayerFeed {
    let path = prefix + [entry.name]
    switch entry.className {
    case "InputLayer", "Dropout", "SpatialDropout1D", "GaussianNoise", "GaussianDropout", "AlphaDropout",
      "ActivityRegularization":
      // Nothing at inference.
      return feed
    case "Masking" where feed == .other("the model's input"): return feed
    case "Sequential", "Functional", "Model": return walk(entry.config, prefix: path, input: feed)
    default: break
    }
    guard var found = recurrent(entry.className, entry.config, path: path), let top = found.last else {
      if entry.className.contains("RNN") || entry.className.contains("LSTM")
        || entry.className.contains("GRU")
        || entry.className == "Bidirectional"
      {
        unread.append("\(path.joined(separator: "/")) (\(entry.className))")
      }
      return .other(path.joined(separator: "/"))
    }
    found[0].feed = feed
    if !states.isEmpty {
      for index in found.indices {
        found[index].otherOptions.append("initial_state from \(states.joined(separator: " and "))")
      }
    }
    layers += found
    return top.returnsSequences ? .layer(top.name) : .other("the last output of \(top.name)")
  }

  // MARK: Layers

  /// One layer, or the cells of a stack; nil where it is no recurrent layer of a known cell.
  private func recurrent(_ className: String, _ config: JSONValue, path: [String]) -> [Layer]? {
    let name = path.joined(separator: "/")
    switch className {
    case "Bidirectional": return bidirectional(config, path: path)
    case "TimeDistributed":
      guard let inner = config["layer"].map(KerasNode.init),
        let layers = recurrent(inner.className, inner.config, path: path + [inner.name])
      else { return nil }
      return layers.map { layer in
        var layer = layer
        layer.returnsSequences = false
        layer.otherOptions.append("TimeDistributed over another axis")
        return layer
      }
    case "RNN":
      guard let cell = config["cell"].map(KerasNode.init) else { return nil }
      let parts =
        cell.className == "StackedRNNCells"
        ? (cell.config["cells"]?.array ?? []).map(KerasNode.init) : [cell]
      let cells = parts.compactMap { self.cell($0.className, $0.config, name: $0.name, of: config) }
      guard cells.count == parts.count, !cells.isEmpty else { return nil }
      guard cells.count > 1 else { return [layer(name, path, cells[0], config)] }
      var layers: [Layer] = []
      for (index, cell) in cells.enumerated() {
        // Two cells may have one name.
        let isUnique = cells.count { $0.name == cell.name } == 1
        var layer = layer("\(name)/\(isUnique ? cell.name ?? "" : "cell\(index)")", path, cell, config)
        layer.module = name
        if let below = layers.last { layer.feed = .layer(below.name) }
        layers.append(layer)
      }
      return layers
    default:
      guard let cell = cell(className, config, name: nil, of: config) else { return nil }
      return [layer(name, path, cell, config)]
    }
  }

  private func layer(_ name: String, _ path: [String], _ cell: Cell, _ config: JSONValue) -> Layer {
    Layer(
      name: name, module: name, path: path, cells: [cell], feed: .unsaid,
      returnsSequences: config["return_sequences"]?.bool ?? false,
      otherOptions: others(config) + cell.otherOptions)
  }

  private func bidirectional(_ config: JSONValue, path: [String]) -> [Layer]? {
    guard let forward = config["layer"].map(KerasNode.init),
      var halves = recurrent(forward.className, forward.config, path: path), halves.count == 1,
      var layer = halves.popLast()
    else { return nil }
    var backward = layer.cells[0]
    var other: [String] = []
    if let own = config["backward_layer"].map(KerasNode.init), own.className != "" {
      guard let layers = recurrent(own.className, own.config, path: path), layers.count == 1 else {
        return nil
      }
      backward = layers[0].cells[0]
      other = layers[0].otherOptions
    } else {
      backward.said.direction = layer.cells[0].said.direction == .backward ? .forward : .backward
    }
    backward.isBackwardHalf = true
    layer.cells.append(backward)
    for option in other where !layer.otherOptions.contains(option) { layer.otherOptions.append(option) }
    layer.name = path.joined(separator: "/")
    layer.module = layer.name
    // A configuration without it is of a time when there was only one.
    switch config["merge_mode"] {
    case nil: layer.merge = .concat
    case .some(let value):
      layer.merge = value.string.flatMap(MergeMode.init(rawValue:))
      if layer.merge == nil { layer.otherOptions.append("merge_mode \(value.string ?? "none")") }
    }
    if layer.cells.map(\.said.direction) != [.forward, .backward] {
      layer.otherOptions.append("go_backwards in the forward half")
    }
    return [layer]
  }

  private func others(_ config: JSONValue) -> [String] {
    guard let dtype = config["dtype"]?["config"]?["name"]?.string ?? config["dtype"]?.string,
      dtype.contains("int8") || dtype.contains("float8")
    else { return [] }
    return ["dtype \(dtype)"]
  }

  // MARK: Cells

  /// - Parameter layer: the configuration that says which way it runs.
  private func cell(_ className: String, _ config: JSONValue, name: String?, of layer: JSONValue) -> Cell? {
    let kind: CellKind
    switch className {
    case "SimpleRNN", "SimpleRNNCell": kind = .rnn
    case "GRU", "GRUCell": kind = .gru
    case "LSTM", "LSTMCell": kind = .lstm
    default: return nil
    }
    guard let units = config["units"]?.int ?? config["output_dim"]?.int else { return nil }
    var said = LayerOptions(kind: kind)
    var others: [String] = []
    func function(_ option: String) -> Activation? {
      let function = KerasActivation(config[option], version: version)
      if !function.isKnown { others.append("\(option) \(function.text)") }
      return function.activation
    }
    said.activation = function("activation")
    if kind != .rnn { said.recurrentActivation = function("recurrent_activation") }
    if kind == .gru { said.resetAfter = config["reset_after"]?.bool }
    said.direction = layer["go_backwards"]?.bool == true ? .backward : .forward
    return Cell(
      said: said, units: units, usesBias: config["use_bias"]?.bool ?? true, name: name, otherOptions: others)
  }
}

/// An entry of a model's configuration: a layer, or a model in it.
struct KerasNode {
  struct Inbound {
    /// How often it is called.
    var calls: Int
    /// What it reads, by name.
    var main: [String]
    /// What else it is given: initial states.
    var others: [String]
  }

  let className: String
  let config: JSONValue
  let name: String
  /// Nil in a Sequential.
  let inbound: Inbound?

  init(_ value: JSONValue) {
    className = value["class_name"]?.string ?? ""
    config = value["config"] ?? .null
    name = value["name"]?.string ?? config["name"]?.string ?? className
    inbound = value["inbound_nodes"]?.array.map(Self.inbound)
  }

  private static func inbound(_ calls: [JSONValue]) -> Inbound {
    guard let call = calls.first else { return Inbound(calls: 0, main: [], others: []) }
    var main: [String]
    var others: [String] = []
    if let arguments = call["args"]?.array {
      // Keras 3: tensors in their places. A second one is an initial state, and so is whatever the keywords hold.
      main = arguments.first.map(names) ?? []
      others = arguments.dropFirst().flatMap(names) + (call["kwargs"]?["initial_state"].map(names) ?? [])
    } else {
      let list = call.array ?? []
      main = list.compactMap { $0.array?.first?.string }
      others = list.flatMap { $0.array?.last?["initial_state"].map(names) ?? [] }
    }
    return Inbound(calls: calls.count, main: main, others: others)
  }

  var isRecurrent: Bool {
    ["Bidirectional", "GRU", "LSTM", "RNN", "SimpleRNN"].contains(className)
  }

  /// The names of layers that a reference, or a list of them, is to.
  static func names(_ value: JSONValue?) -> [String] {
    switch value {
    case .array(let list)?:
      // ["dense", 0, 0]
      if let name = list.first?.string, list.dropFirst().first?.int != nil { return [name] }
      return list.flatMap(names)
    case .object?:
      if let history = value?["config"]?["keras_history"] { return names(history) }
      return []
    default: return []
    }
  }
}
