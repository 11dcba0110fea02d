import HDF5
import Recurrent
import RecurrentParity

/// Reads what is recorded of a model around its recurrent layers.
struct ModelReader {
  /// The layers of the model's reference.
  let layers: [RecordedLayer]

  func model(_ node: FixtureNode) throws(FixtureError) -> ModelRecord {
    try node.expectOnly(
      attributes: ["left_out", "unused", "repeated", "trimmed"], objects: ["inputs", "outputs", "spread"])
    var model = ModelRecord(
      inputs: try arrays(in: try node.optionalChild("inputs")),
      outputs: try arrays(in: try node.optionalChild("outputs")))
    for module in try node.json("left_out", [LeftOutEntry].self) ?? [] {
      guard let by = LeavingOut(rawValue: module.by) else {
        throw node.error(
          attribute: "left_out", expected: "by \"user\" or \"recorder\"", found: "\"\(module.by)\"")
      }
      model.leftOut.append(
        LeftOutModule(path: module.path, type: module.class, by: by, why: module.why))
    }
    model.unused = try node.json("unused", [String].self) ?? []
    model.repeated = try (node.json("repeated", [RepeatedEntry].self) ?? []).map {
      RepeatedModule(path: $0.path, type: $0.class, calls: $0.calls, why: $0.why)
    }
    model.trimmed = try trimming(node)
    if let spread = try node.optionalChild("spread") {
      model.spread = try self.spread(spread, outputs: model.outputs)
    }
    return model
  }

  private func arrays(in node: FixtureNode?) throws(FixtureError) -> [RecordedArray] {
    guard let node else { return [] }
    let names = try node.names()
    try node.expectOnly(objects: names)
    var arrays: [RecordedArray] = []
    for name in names { arrays.append(try node.array(name)) }
    return arrays
  }

  private func trimming(_ node: FixtureNode) throws(FixtureError) -> ModelTrimming? {
    guard let trimmed = try node.json("trimmed", TrimmedEntry.self) else { return nil }
    guard trimmed.steps > 0, trimmed.sequences > 0 else {
      throw node.error(
        attribute: "trimmed", expected: "at least one step and one sequence",
        found: "\(trimmed.steps) and \(trimmed.sequences)")
    }
    return ModelTrimming(steps: trimmed.steps, sequences: trimmed.sequences)
  }

  // MARK: Spread

  private func spread(
    _ node: FixtureNode, outputs: [RecordedArray]
  ) throws(FixtureError) -> ModelSpread {
    try node.expectOnly(attributes: ["runs", "seed", "pinned"], objects: ["outputs", "layers", "held"])
    let runs = try node.int("runs")
    guard runs > 0 else { throw node.error(attribute: "runs", expected: "at least 1", found: "\(runs)") }
    var spread = ModelSpread(
      runs: runs, seed: try node.optionalInt("seed"), pinned: try node.optionalString("pinned"))
    spread.boundaries = try boundaries(node, outputs: outputs)
    if let held = try node.optionalChild("held") {
      guard spread.pinned == nil else {
        throw node.error(
          held.path, expected: "no held runs beside pinned ones", found: "both: every run was pinned")
      }
      try held.expectOnly(objects: ["outputs", "layers"])
      spread.held = try boundaries(held, outputs: outputs)
    }
    return spread
  }

  private func boundaries(
    _ node: FixtureNode, outputs: [RecordedArray]
  ) throws(FixtureError) -> [Boundary: BoundarySpread] {
    var boundaries: [Boundary: BoundarySpread] = [:]
    if let group = try node.optionalChild("outputs") {
      for name in try known(in: group, among: outputs.map(\.name)) {
        let shape = outputs.first { $0.name == name }?.shape ?? []
        boundaries[.modelOutput(name)] = try boundary(try group.child(name), shape: shape)
      }
    }
    if let group = try node.optionalChild("layers") {
      for name in try known(in: group, among: layers.indices.map(String.init)) {
        guard let index = Int(name) else { continue }
        try layer(index, try group.child(name), into: &boundaries)
      }
    }
    return boundaries
  }

  private func layer(
    _ index: Int, _ node: FixtureNode, into boundaries: inout [Boundary: BoundarySpread]
  ) throws(FixtureError) {
    let layer = layers[index]
    try node.expectOnly(objects: ["input"] + layer.passes.map(\.direction.rawValue))
    if let group = try node.optionalChild("input") {
      guard let input = layer.input else {
        throw node.error(group.path, expected: "a recorded input of layer \(index)", found: "none")
      }
      boundaries[.layerInput(index)] = try boundary(
        group, shape: [input.timesteps, input.batch, input.features])
    }
    for pass in layer.passes {
      guard let group = try node.optionalChild(pass.direction.rawValue) else { continue }
      try group.expectOnly(objects: ["initial_state"])
      guard let states = try group.optionalChild("initial_state") else { continue }
      try states.expectOnly(objects: StateKind.allCases.map(\.rawValue))
      for kind in StateKind.allCases {
        guard let moved = try states.optionalChild(kind.rawValue) else { continue }
        guard let state = pass.initialState?[kind] else {
          throw node.error(moved.path, expected: "a recorded initial state", found: "none")
        }
        boundaries[.initialState(layer: index, direction: pass.direction, kind)] = try boundary(
          moved, shape: [state.rows, state.columns])
      }
    }
  }

  /// The names in a group, each of which must be one that is recorded.
  private func known(in node: FixtureNode, among recorded: [String]) throws(FixtureError) -> [String] {
    let names = try node.names()
    try node.expectOnly(objects: names)
    if let name = names.first(where: { !recorded.contains($0) }) {
      throw node.error(
        "\(node.path)/\(name)", expected: "one that is recorded: \(recorded.joined(separator: ", "))",
        found: "\"\(name)\"")
    }
    return names
  }

  private func boundary(_ node: FixtureNode, shape: [Int]) throws(FixtureError) -> BoundarySpread {
    let axes = shape.indices.map { "axis\($0)" }
    try node.expectOnly(attributes: ["moved"], objects: ["whole"] + axes)
    var spread = BoundarySpread(
      whole: try node.movements("whole", count: nil)[0], axes: [],
      moved: try node.optionalBool("moved"))
    for (name, count) in zip(axes, shape) { spread.axes.append(try node.movements(name, count: count)) }
    return spread
  }
}
