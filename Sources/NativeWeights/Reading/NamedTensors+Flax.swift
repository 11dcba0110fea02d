import Recurrent
import RecurrentConventions

/// Flax's cells by the flattened names of their parameters: `params/LSTMCell_0/hi/kernel`, of linen and of nnx, whose
/// fused layers `dense_i` and `dense_h` are read gate by gate.
extension NamedTensors {
  mutating func takeFlaxLayers() throws(WeightFileError) -> [WeightLayer] {
    var cells: [(head: String, pass: WeightPass)] = []
    var heads: [String] = []
    for name in names {
      let (gate, leaf) = name.splitBehindLast([".", "/"])
      guard leaf == "kernel", let separator = gate.last else { continue }
      let (head, tail) = gate.withoutSeparator.splitBehindLast([separator])
      if ["h", "hn", "hi", "dense_h"].contains(tail), !heads.contains(head) { heads.append(head) }
    }
    for head in heads {
      if let pass = try takeFlaxCell(head) { cells.append((head, pass)) }
    }
    return try paired(cells)
  }

  /// Nil where it is none of the cells.
  private mutating func takeFlaxCell(_ head: String) throws(WeightFileError) -> WeightPass? {
    let separator = names.first { $0.hasPrefix(head) && $0.hasSuffix(".kernel") } != nil ? "." : "/"
    func name(_ gate: String, _ leaf: String) -> String {
      // A name of Python's own is written with a stroke behind it.
      let plain = head + gate + separator + leaf
      let escaped = head + gate + "_" + separator + leaf
      return self[plain] == nil && self[escaped] != nil ? escaped : plain
    }
    if self[name("dense_h", "kernel")] != nil { return try takeFusedCell(head, separator) }
    let kind: CellKind
    if self[name("hn", "kernel")] != nil, self[name("hz", "kernel")] != nil {
      kind = .gru
    } else if self[name("hi", "kernel")] != nil, self[name("ho", "kernel")] != nil {
      kind = .lstm
    } else if let state = self[name("h", "kernel")]?.shape, state.count == 2, state[0] == state[1],
      self[name("i", "kernel")]?.shape.last == state[1]
    {
      kind = .rnn
    } else {
      return nil
    }
    let gates = Convention.flax.gateOrder(kind).map(\.rawValue)
    var taken: [(native: String, stored: String)] = []
    for gate in gates {
      for part in ["i", "h"] {
        let kernel = name(part + gate, "kernel")
        guard self[kernel] != nil else {
          throw error(kernel, expected: "a kernel, as a Flax \(kind.rawValue) has it", found: "nothing")
        }
        taken.append(("\(part)\(gate)/kernel", kernel))
        let bias = name(part + gate, "bias")
        if self[bias] != nil { taken.append(("\(part)\(gate)/bias", bias)) }
      }
    }
    var tensors: [String: StoredTensor] = [:]
    for (native, stored) in taken { tensors[native] = take(stored) }
    guard let input = tensors["i\(gates[0])/kernel"]?.shape, input.count == 2 else {
      throw error(head + "i" + gates[0], expected: "a kernel (I, H)", found: "another shape")
    }
    return WeightPass(
      said: flaxOptions(kind), inputSize: input[0], hiddenSize: input[1], tensors: tensors)
  }

  /// nnx: all gates of the input in one layer, all of the state in another.
  private mutating func takeFusedCell(_ head: String, _ separator: String) throws(WeightFileError)
    -> WeightPass?
  {
    let (inputName, stateName) = ("\(head)dense_i\(separator)kernel", "\(head)dense_h\(separator)kernel")
    guard let input = self[inputName], let state = self[stateName], input.shape.count == 2,
      state.shape.count == 2, input.shape[1] == state.shape[1],
      let shape = CellShape(packed: state.shape[1], inputSize: input.shape[0], hiddenSize: state.shape[0])
    else {
      throw error(
        stateName, expected: "dense_i (I, G·H) and dense_h (H, G·H) of G = 1, 3 or 4 gates",
        found: "\(self[inputName]?.shapeText ?? "nothing") and \(self[stateName]?.shapeText ?? "nothing")")
    }
    var tensors: [String: StoredTensor] = [:]
    let gates = Convention.flax.gateOrder(shape.kind).map(\.rawValue)
    for part in ["i", "h"] {
      for leaf in ["kernel", "bias"] {
        guard let whole = take("\(head)dense_\(part)\(separator)\(leaf)") else { continue }
        guard whole.shape.last == gates.count * shape.hiddenSize else {
          throw error(
            whole.path, expected: "\(gates.count * shape.hiddenSize) columns",
            found: "shape \(whole.shapeText)")
        }
        for (index, gate) in gates.enumerated() {
          let native = "\(part)\(gate)/\(leaf)"
          tensors[native] = whole.columns(
            index * shape.hiddenSize..<(index + 1) * shape.hiddenSize, named: native)
        }
      }
    }
    return WeightPass(
      said: flaxOptions(shape.kind), inputSize: shape.inputSize, hiddenSize: shape.hiddenSize,
      tensors: tensors)
  }

  /// The activations are arguments of the cell, and the direction one of what runs it: no file of parameters has them.
  private func flaxOptions(_ kind: CellKind) -> LayerOptions {
    LayerOptions(kind: kind, resetAfter: kind == .gru ? true : nil)
  }

  /// Cells, and where the names say so the two halves of a `Bidirectional` as one layer.
  private func paired(
    _ cells: [(head: String, pass: WeightPass)]
  ) throws(WeightFileError) -> [WeightLayer] {
    var layers: [WeightLayer] = []
    for (head, pass) in cells {
      let name = head.withoutSeparator.withoutCell
      let (module, half) = name.splitBehindLast([".", "/"])
      if half == "forward_rnn" || half == "backward_rnn" {
        let other = module + (half == "forward_rnn" ? "backward_rnn" : "forward_rnn")
        if let pair = cells.first(where: { $0.head.withoutSeparator.withoutCell == other }) {
          guard half == "forward_rnn" else { continue }
          var (forward, backward) = (pass, pair.pass)
          forward.said.direction = .forward
          backward.said.direction = .backward
          layers.append(
            WeightLayer(
              name: module.isEmpty ? "bidirectional" : module.withoutSeparator, convention: .flax,
              passes: [forward, backward]))
          continue
        }
      }
      layers.append(
        WeightLayer(
          name: name.isEmpty ? pass.said.kind?.rawValue ?? "cell" : name, convention: .flax, passes: [pass]))
    }
    return layers
  }
}

extension String {
  /// "encoder" of "encoder.cell", the cell of an RNN; "params" is no module.
  fileprivate var withoutCell: String {
    guard self != "params.cell", self != "params/cell" else { return self }
    for ending in [".cell", "/cell"] where hasSuffix(ending) { return String(dropLast(ending.count)) }
    return self
  }
}
