import Recurrent
import RecurrentConventions
import RecurrentParity

/// Reads one layer of a reference.
struct LayerReader {
  let common: CommonInput?
  /// The layers before it, and the group that all are in.
  let below: [RecordedLayer]
  let group: FixtureNode
  let convention: Convention
  /// What the reference declares of its arithmetic.
  let declared: DeclaredArithmetic

  func layer(_ node: FixtureNode, number: Int) throws(FixtureError) -> RecordedLayer {
    let name = try node.string("name")
    let directions = try directions(node)
    let merge = try node.choice("merge_mode", of: MergeMode.allCases, default: .concat)
    try node.expectOnly(.layer, objects: ["input", "output"] + directions.map(\.rawValue))
    let fed = try fedInput(node)

    var description = try CellDescription(node)
    description.inputSize = fed.width
    let parts = merge == .concat ? directions.count : 1
    let output = try node.optionalSequence(
      "output", shape: [fed.valid.timesteps, fed.valid.batch, parts * description.stateSize])

    let owner = try weightsOwner(node, number: number)
    var passes: [RecordedPass] = []
    for (index, direction) in directions.enumerated() {
      let reader = PassReader(
        valid: fed.valid, convention: convention,
        declared: try DeclaredArithmetic(node, default: declared),
        // One direction, or a concatenation: h can be read off the output.
        output: parts == directions.count ? output?.part(index, of: parts) : nil,
        format: output?.format ?? common?.format ?? fed.recorded?.format ?? .float32,
        below: below.last,
        unwritten: [fed.recorded, output].compactMap { $0 }.filter { !$0.isWritten }.map(\.path)
          + (fed.recorded == nil ? common?.unwritten ?? [] : []))
      let owner = try owner.map { (owner) throws(FixtureError) in
        try weightsOwner(owner, direction, like: description, node)
      }
      passes.append(
        try reader.pass(try node.child(direction.rawValue), direction, description, weightsOf: owner))
    }
    return RecordedLayer(
      name: name, merge: merge, input: fed.recorded?.sequence,
      valid: fed.isOwn ? fed.valid : nil, output: output?.sequence, passes: passes,
      module: node.session.version == .one ? nil : try node.optionalString("module"),
      emptyFinal: node.session.version == .one
        ? .initial : try node.choice("empty_final", of: EmptyFinal.allCases, default: .initial),
      otherOptions: try otherOptions(node), calls: try calls(node), pair: try pairLabel(node))
  }

  // MARK: Input

  private struct FedInput {
    /// Where the layer's input is recorded.
    var recorded: FixtureSequence?
    let width: Int
    let valid: ValidSteps
    /// Whether the axes are the layer's own.
    let isOwn: Bool
  }

  private func fedInput(_ node: FixtureNode) throws(FixtureError) -> FedInput {
    switch node.session.version {
    case .one:
      guard let common else { preconditionFailure("version 1 has a common input") }
      let recorded = try node.optionalSequence(
        "input", shape: [common.valid.timesteps, common.valid.batch, nil])
      if let recorded { try node.requireFinite(recorded, valid: common.valid) }
      return FedInput(
        recorded: recorded,
        width: recorded?.sequence.features ?? below.last?.outputSize ?? common.input.features,
        valid: common.valid, isOwn: false)
    case .two:
      if let recorded = try node.optionalSequence("input", shape: [nil, nil, nil]) {
        let (T, B) = (recorded.sequence.timesteps, recorded.sequence.batch)
        let valid = try node.validSteps(timesteps: T, batch: B) ?? ValidSteps(all: T, batch: B)
        try node.requireFinite(recorded, valid: valid)
        return FedInput(recorded: recorded, width: recorded.sequence.features, valid: valid, isOwn: true)
      }
      for name in ["lengths", "mask"] where try node.has(name) {
        throw node.error("\(node.path)/\(name)", expected: "an input beside it", found: "none")
      }
      // It reads the layer below, with its axes.
      if let last = below.last {
        guard let valid = last.valid ?? common?.valid else { preconditionFailure("the layer below has axes") }
        return FedInput(width: last.outputSize, valid: valid, isOwn: last.valid != nil)
      }
      guard let common else {
        throw node.error(
          "\(node.path)/input", expected: "an input of the layer or of the case", found: "none")
      }
      return FedInput(width: common.input.features, valid: common.valid, isOwn: false)
    }
  }

  // MARK: Weights of another layer

  /// The number of the layer whose weights this one has too.
  private func weightsOwner(_ node: FixtureNode, number: Int) throws(FixtureError) -> Int? {
    guard node.session.version == .two, let other = try node.optionalInt("weights_of") else { return nil }
    guard 0..<number ~= other else {
      throw node.error(
        attribute: "weights_of",
        expected: number == 0 ? "nothing in layer 0" : "0 to \(number - 1), a layer before",
        found: "\(other)")
    }
    return other
  }

  /// The direction of that layer, which stores the weights of a cell of this one's shape.
  private func weightsOwner(
    _ owner: Int, _ direction: Direction, like description: CellDescription, _ node: FixtureNode
  ) throws(FixtureError) -> FixtureNode {
    guard let pass = below[owner].passes.first(where: { $0.direction == direction }) else {
      throw node.error(
        attribute: "weights_of", expected: "a layer with the direction \(direction.rawValue)",
        found: "layer \(owner)")
    }
    let other = try group.child(String(owner)).child(direction.rawValue)
    guard try other.has("weights") else {
      throw node.error(
        attribute: "weights_of", expected: "a layer that stores its weights",
        found: "layer \(owner), which has another's")
    }
    let (own, found) = (description, pass.cell)
    guard own.kind == found.kind, own.inputSize == found.inputSize, own.hiddenSize == found.hiddenSize,
      own.stateSize == found.stateSize
    else {
      throw node.error(
        attribute: "weights_of",
        expected: "a \(shape(own.kind, own.inputSize, own.hiddenSize, own.stateSize)) as this layer",
        found: shape(found.kind, found.inputSize, found.hiddenSize, found.stateSize))
    }
    return other
  }

  private func shape(_ kind: CellKind, _ I: Int, _ H: Int, _ S: Int) -> String {
    "\(kind.rawValue) of I = \(I), H = \(H)" + (S == H ? "" : ", P = \(S)")
  }

  // MARK: Attributes

  /// Options that no formula here has, each as "name value".
  private func otherOptions(_ node: FixtureNode) throws(FixtureError) -> [OtherOption] {
    guard node.session.version == .two else { return [] }
    let options = try node.json("other_options", [String: OptionValue].self) ?? [:]
    return options.sorted { $0.key < $1.key }.map { OtherOption(name: $0.key, value: $0.value.text) }
  }

  private func calls(_ node: FixtureNode) throws(FixtureError) -> LayerCalls? {
    guard node.session.version == .two, let entry = try node.json("calls", CallsEntry.self) else {
      return nil
    }
    return LayerCalls(kind: entry.kind, count: entry.count, sizes: entry.sizes)
  }

  /// What says which layer of another reference this one is: of one reference no two.
  private func pairLabel(_ node: FixtureNode) throws(FixtureError) -> String? {
    guard node.session.version == .two, let label = try node.optionalString("pair") else { return nil }
    if let other = below.firstIndex(where: { $0.pair == label }) {
      throw node.error(
        attribute: "pair", expected: "a label that no other layer of the reference has",
        found: "\"\(label)\", which layer \(other) has")
    }
    return label
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
}
