import Recurrent
import RecurrentConventions
import RecurrentParity

/// Reads one direction of a layer.
struct PassReader {
  let valid: ValidSteps
  let convention: Convention
  let declared: DeclaredArithmetic
  /// This direction's part of the layer's output, where it can be told.
  let output: FixtureSequence?
  /// The type that the layer's values are stored in, where no state of this direction says it.
  let format: FloatFormat
  /// The layer below; nil for the first.
  let below: RecordedLayer?
  /// Paths of datasets of the layer that nothing was ever written to.
  let unwritten: [String]

  /// - Parameter owner: the same direction of another layer, whose weights these are; nil where they are its own.
  func pass(
    _ node: FixtureNode, _ direction: Direction, _ description: CellDescription, weightsOf owner: FixtureNode?
  ) throws(FixtureError) -> RecordedPass {
    let (T, B) = (valid.timesteps, valid.batch)
    let description = try description.overridden(by: node)
    let (P, H) = (description.stateSize, description.hiddenSize)
    let isLSTM = description.kind == .lstm
    if owner != nil, try node.has("weights") {
      throw node.error(
        "\(node.path)/weights", expected: "nothing: weights_of names another layer's", found: "a group")
    }
    let (cell, weights) = try cell(try (owner ?? node).child("weights"), description)
    try node.expectOnly(
      .direction,
      objects: (owner == nil ? ["weights"] : []) + ["initial_state", "h", "final_state"]
        + (isLSTM ? ["c"] : []))
    let (initial, source, initialTensors) = try initialState(node, cell)

    let states = isLSTM ? ["h", "c"] : ["h"]
    let final = try node.optionalChild("final_state")
    try final?.expectOnly(objects: states)
    let finalH = try final?.optionalTensor("h", shape: [B, P])
    let finalC = isLSTM ? try final?.optionalTensor("c", shape: [B, H]) : nil
    let h = try node.optionalSequence("h", shape: [T, B, P]) ?? output
    let c = isLSTM ? try node.optionalSequence("c", shape: [T, B, H]) : nil
    return RecordedPass(
      direction: direction, cell: cell, initialState: initial,
      states: RecordedStates(
        h: h?.sequence,
        // Without h there is no past to judge c from.
        c: h == nil ? nil : c?.sequence),
      format: try declared.format(
        storedAs: h?.format ?? finalH?.format ?? format,
        holding: [h, c].compactMap { $0?.sequence.zeroed(outside: valid) }
          + [finalH, finalC].compactMap { $0.map { RecordedSequence($0) } },
        in: node),
      declared: declared.precision, initialStateSource: source, decimals: declared.decimals,
      finalState: ReturnedState(h: finalH.map { Matrix($0) }, c: finalC.map { Matrix($0) }),
      unwritten: (unwritten
        + (weights + initialTensors).filter { !$0.isWritten }.map(\.path)
        + [h, c].compactMap { $0 }.filter { !$0.isWritten }.map(\.path)
        + [finalH, finalC].compactMap { $0 }.filter { !$0.isWritten }.map(\.path)).withoutRepetition)
  }

  private func initialState(
    _ node: FixtureNode, _ cell: Cell<Double>
  ) throws(FixtureError) -> (state: State<Double>?, source: StateSource?, tensors: [FixtureTensor]) {
    guard let group = try node.optionalChild("initial_state") else { return (nil, nil, []) }
    let isLSTM = cell.kind == .lstm
    try group.expectOnly(.initialState, objects: isLSTM ? ["h", "c"] : ["h"])
    var source: StateSource?
    if group.session.version == .two, try group.hasAttribute("source") {
      source = try group.choice("source", of: StateSource.allCases)
    }
    let h = try group.optionalTensor("h", shape: [valid.batch, cell.stateSize])
    let c = isLSTM ? try group.optionalTensor("c", shape: [valid.batch, cell.hiddenSize]) : nil
    let tensors = [h, c].compactMap { $0 }
    for tensor in tensors { try group.requireFinite(tensor) }
    guard !tensors.isEmpty else { return (nil, source, []) }
    var state = cell.zeroState(batch: valid.batch)
    if let h { state.h = Matrix(h) }
    if let c { state.c = Matrix(c) }
    return (state, source, tensors)
  }

  private func cell(
    _ weights: FixtureNode, _ description: CellDescription
  ) throws(FixtureError) -> (cell: Cell<Double>, tensors: [FixtureTensor]) {
    let read = try weights.tensors(inGroups: convention.gateAxis == nil)
    let native = read.mapValues { NativeTensor(shape: $0.shape, values: $0.values) }
    // A dictionary has another order in every process.
    let tensors = read.sorted { $0.key < $1.key }.map(\.value)
    do { return (try convention.cell(description, from: native), tensors) } catch {
      let meant = OtherReading.all(of: description, above: below).first {
        error.found.hasPrefix("shape") && (try? convention.cell($0.description, from: native)) != nil
      }
      throw weights.error(
        "\(weights.path)/\(error.tensor)", expected: error.expected,
        found: error.found + (meant.map { ", which is \($0.text)" } ?? ""))
    }
  }
}

extension RecordedSequence {
  /// A final state, as a sequence of one timestep.
  fileprivate init(_ tensor: FixtureTensor) {
    self.init(
      BatchedSequence(
        timesteps: 1, batch: tensor.shape[0], features: tensor.shape[1], elements: tensor.values),
      storage: tensor.format)
  }
}

extension FixtureNode {
  /// The finite tensors of a group of weights by name.
  ///
  /// - Parameter inGroups: whether a tensor may be in a group of its own, as Flax has it: then it has both names.
  fileprivate func tensors(inGroups: Bool = false) throws(FixtureError) -> [String: FixtureTensor] {
    var found: [String: FixtureTensor] = [:]
    let names = try names()
    try expectOnly(objects: names)
    for name in names {
      if inGroups, try isGroup(name) {
        for (inner, tensor) in try child(name).tensors() { found["\(name)/\(inner)"] = tensor }
        continue
      }
      let tensor = try tensorOfAnyShape(name)
      try requireFinite(tensor)
      found[name] = tensor
    }
    return found
  }
}

extension [String] {
  /// Each once, in the order in which they first appear.
  fileprivate var withoutRepetition: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}
