import Recurrent
import RecurrentConventions
import RecurrentParity

/// Reads one reference of a case.
struct ReferenceReader {
  let input: BatchedSequence<Double>
  let inputFormat: FloatFormat
  let valid: ValidSteps
  /// The case's input, where nothing was ever written to it.
  let unwritten: [String]

  func reference(_ name: String, in node: FixtureNode) throws(FixtureError) -> Reference {
    let framework = try node.string("framework")
    let version = try node.string("framework_version")
    let convention = try node.choice("convention", of: Convention.allCases)
    let environment = try node.optionalString("environment")
    try node.expectOnly(
      attributes: ["framework", "framework_version", "convention", "environment"], objects: ["layers", "model"])
    let group = try node.child("layers")
    var layers: [RecordedLayer] = []
    for index in 0..<(try layerCount(group)) {
      layers.append(
        try layer(
          try group.child(String(index)), inputSize: layers.last?.outputSize ?? input.features,
          convention: convention))
    }
    guard layers.contains(where: \.hasEvidence) else {
      throw group.error(
        expected: "recorded states, outputs or final states in some layer",
        found: "none: there is no evidence")
    }
    return Reference(
      name: name, framework: framework, frameworkVersion: version, convention: convention,
      environment: environment, layers: layers,
      model: try node.optionalChild("model").map { node throws(FixtureError) in
        try ModelReader(layers: layers).model(node)
      })
  }

  /// Layers are numbered 0, 1, 2 … without a gap.
  private func layerCount(_ group: FixtureNode) throws(FixtureError) -> Int {
    let names = try group.names().filter { Int($0) != nil }
    try group.expectOnly(objects: names)
    // Ignoring "01" or "+1" would judge another network.
    if let name = names.first(where: { Int($0).map(String.init) != $0 || $0.hasPrefix("-") }) {
      throw group.error(
        "\(group.path)/\(name)", expected: "layers numbered 0, 1, 2 …", found: "\"\(name)\"")
    }
    let numbers = Set(names.compactMap { Int($0) })
    guard !numbers.isEmpty else { throw group.error(expected: "a layer 0", found: "no layer") }
    if let gap = (0..<numbers.count).first(where: { !numbers.contains($0) }) {
      throw group.error(
        "\(group.path)/\(gap)", expected: "layers numbered 0 to \(numbers.count - 1)", found: "no such layer")
    }
    return numbers.count
  }

  // MARK: Layers

  private func layer(
    _ node: FixtureNode, inputSize below: Int, convention: Convention
  ) throws(FixtureError) -> RecordedLayer {
    let name = try node.string("name")
    var description = try description(node)
    let directions = try directions(node)
    let merge = try node.choice("merge_mode", of: MergeMode.allCases, default: .concat)
    try node.expectOnly(
      attributes: [
        "name", "cell", "direction", "hidden_size", "activation", "recurrent_activation", "reset_after",
        "projection_size", "merge_mode",
      ], objects: ["input", "output"] + directions.map(\.rawValue))

    let fed = try node.optionalTensor("input", shape: [input.timesteps, input.batch, nil])
    let fedSequence = fed.map { BatchedSequence($0) }
    if let fed, let fedSequence { try node.requireFinite(fedSequence, fed, valid: valid) }
    description.inputSize = fedSequence?.features ?? below
    let parts = merge == .concat ? directions.count : 1
    let output = try node.optionalTensor(
      "output", shape: [input.timesteps, input.batch, parts * description.stateSize])

    var passes: [RecordedPass] = []
    for (index, direction) in directions.enumerated() {
      passes.append(
        try pass(
          try node.child(direction.rawValue), direction, description, convention: convention,
          // One direction, or a concatenation: h can be read off the output.
          output: parts == directions.count ? output?.slice(index, of: parts) : nil,
          format: output?.format ?? inputFormat,
          restsOn: [fed, output].compactMap { $0 }))
    }
    return RecordedLayer(
      name: name, merge: merge, input: fedSequence, output: output.map { BatchedSequence($0) }, passes: passes
    )
  }

  /// The cell as the layer's attributes describe it, but for its input size.
  private func description(_ node: FixtureNode) throws(FixtureError) -> CellDescription {
    let kind = try node.choice("cell", of: CellKind.allCases)
    let hiddenSize = try size(node, "hidden_size", try node.int("hidden_size"))
    let projection = try node.optionalInt("projection_size") ?? 0
    guard projection == 0 || kind == .lstm else {
      throw node.error(
        attribute: "projection_size", expected: "0 for cell \"\(kind.rawValue)\"", found: "\(projection)")
    }
    return CellDescription(
      kind: kind, inputSize: 0, hiddenSize: hiddenSize,
      activation: try node.choice(
        "activation", of: [.tanh, .relu, .sigmoid, .linear, .hardSigmoid], default: .tanh),
      recurrentActivation: try node.choice(
        "recurrent_activation", of: [.sigmoid, .hardSigmoid, .hardSigmoidKeras2], default: .sigmoid),
      resetAfter: try node.optionalBool("reset_after") ?? true,
      projectionSize: projection == 0 ? nil : try size(node, "projection_size", projection))
  }

  private func size(_ node: FixtureNode, _ name: String, _ value: Int) throws(FixtureError) -> Int {
    guard 1...(1 << 24) ~= value else {
      throw node.error(attribute: name, expected: "1 to \(1 << 24)", found: "\(value)")
    }
    return value
  }

  /// The declared directions, which must be the groups that are there.
  private func directions(_ node: FixtureNode) throws(FixtureError) -> [Direction] {
    let declared = try node.choice("direction", of: LayerDirection.allCases)
    for direction in Direction.allCases where !declared.directions.contains(direction) {
      if try node.has(direction.rawValue) {
        throw node.error(
          "\(node.path)/\(direction.rawValue)", expected: "nothing: direction is \"\(declared.rawValue)\"",
          found: "a group")
      }
    }
    return declared.directions
  }

  // MARK: Passes

  private func pass(
    _ node: FixtureNode, _ direction: Direction, _ description: CellDescription, convention: Convention,
    output: FixtureTensor?, format: FloatFormat, restsOn shared: [FixtureTensor]
  ) throws(FixtureError) -> RecordedPass {
    let (T, B) = (input.timesteps, input.batch)
    let (P, H) = (description.stateSize, description.hiddenSize)
    let isLSTM = description.kind == .lstm
    try node.expectOnly(objects: ["weights", "initial_state", "h", "final_state"] + (isLSTM ? ["c"] : []))
    let states = isLSTM ? ["h", "c"] : ["h"]
    let (cell, weights) = try cell(try node.child("weights"), description, convention)

    let initial = try node.optionalChild("initial_state")
    let initialH = try initial?.optionalTensor("h", shape: [B, P])
    let initialC = isLSTM ? try initial?.optionalTensor("c", shape: [B, H]) : nil
    for tensor in [initialH, initialC].compactMap({ $0 }) { try node.requireFinite(tensor) }
    var state: State<Double>?
    if initialH != nil || initialC != nil {
      var given = cell.zeroState(batch: B)
      if let initialH { given.h = Matrix(initialH) }
      if let initialC { given.c = Matrix(initialC) }
      state = given
    }

    try initial?.expectOnly(objects: states)

    let final = try node.optionalChild("final_state")
    try final?.expectOnly(objects: states)
    let finalH = try final?.optionalTensor("h", shape: [B, P])
    let finalC = isLSTM ? try final?.optionalTensor("c", shape: [B, H]) : nil
    let h = try node.optionalTensor("h", shape: [T, B, P]) ?? output
    let c = isLSTM ? try node.optionalTensor("c", shape: [T, B, H]) : nil
    return RecordedPass(
      direction: direction, cell: cell, initialState: state,
      states: RecordedStates(
        h: h.map { BatchedSequence($0) },
        // Without h there is no past to judge c from.
        c: h == nil ? nil : c.map { BatchedSequence($0) }),
      format: h?.format ?? finalH?.format ?? format,
      finalState: ReturnedState(h: finalH.map { Matrix($0) }, c: finalC.map { Matrix($0) }),
      unwritten: unwritten
        + (shared + weights + [h, c, initialH, initialC, finalH, finalC].compactMap { $0 })
        .filter { !$0.isWritten }.map(\.path).withoutRepetition)
  }

  private func cell(
    _ node: FixtureNode, _ description: CellDescription, _ convention: Convention
  ) throws(FixtureError) -> (cell: Cell<Double>, tensors: [FixtureTensor]) {
    var read: [FixtureTensor] = []
    var tensors: [String: NativeTensor] = [:]
    try node.expectOnly(objects: node.names())
    for name in try node.names() {
      let tensor = try node.tensorOfAnyShape(name)
      try node.requireFinite(tensor)
      read.append(tensor)
      tensors[name] = NativeTensor(shape: tensor.shape, values: tensor.values)
    }
    do { return (try convention.cell(description, from: tensors), read) } catch {
      throw node.error("\(node.path)/\(error.tensor)", expected: error.expected, found: error.found)
    }
  }
}

/// The `direction` attribute.
private enum LayerDirection: String, CaseIterable {
  case forward
  case backward
  case bidirectional

  var directions: [Direction] {
    switch self {
    case .forward: [.forward]
    case .backward: [.backward]
    case .bidirectional: [.forward, .backward]
    }
  }
}

extension RecordedLayer {
  /// The width of the merged output.
  fileprivate var outputSize: Int {
    let width = passes.first?.cell.stateSize ?? 0
    return merge == .concat ? passes.count * width : width
  }

  fileprivate var hasEvidence: Bool {
    output != nil
      || passes.contains { $0.states.h != nil || $0.finalState.h != nil || $0.finalState.c != nil }
  }
}

extension [String] {
  /// Each once, in the order in which they first appear.
  fileprivate var withoutRepetition: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}
