import Recurrent
import RecurrentParity

/// Writes what is recorded of a model around its recurrent layers.
struct ModelWriter {
  let model: ModelRecord

  func write(to node: WritingNode) throws(FixtureError) {
    try node.set(
      "left_out",
      json: model.leftOut.map {
        LeftOutEntry(path: $0.path, class: $0.type, by: $0.by.rawValue, why: $0.why)
      })
    try node.set("unused", json: model.unused)
    try node.set(
      "repeated",
      json: model.repeated.map {
        RepeatedEntry(path: $0.path, class: $0.type, calls: $0.calls, why: $0.why)
      })
    if let trimmed = model.trimmed {
      try node.set("trimmed", json: TrimmedEntry(steps: trimmed.steps, sequences: trimmed.sequences))
    }
    try write(model.inputs, to: node, "inputs")
    try write(model.outputs, to: node, "outputs")
    guard let spread = model.spread else { return }
    let group = try node.child("spread")
    try group.set("runs", spread.runs)
    try group.set("seed", spread.seed)
    try group.set("pinned", spread.pinned)
    try write(spread.boundaries, to: group)
    if !spread.held.isEmpty { try write(spread.held, to: try group.child("held")) }
  }

  private func write(_ arrays: [RecordedArray], to node: WritingNode, _ name: String) throws(FixtureError) {
    guard !arrays.isEmpty else { return }
    let group = try node.child(name)
    for array in arrays {
      switch array.values {
      case .integers(let values): try group.write(array.name, integers: values, shape: array.shape)
      case .floats(let sequence, let format):
        if array.shape.first == sequence.timesteps, sequence.timesteps > 1 {
          try group.write(array.name, sequence, shape: array.shape, as: format)
        } else {
          try group.write(array.name, sequence.whole.elements, shape: array.shape, as: format)
        }
      }
    }
  }

  private func write(
    _ boundaries: [Boundary: BoundarySpread], to node: WritingNode
  ) throws(FixtureError) {
    for (boundary, spread) in boundaries.sorted(by: { $0.key.path < $1.key.path }) {
      if case .modelInput(let name) = boundary {
        throw node.error(expected: "a spread of what the model made", found: "one of its input \(name)")
      }
      let group = try node.child(boundary.path)
      try group.set("moved", spread.moved)
      try group.write("whole", [spread.whole], shape: [], as: .float64)
      for (axis, movements) in spread.axes.enumerated() {
        try group.write("axis\(axis)", movements, shape: [movements.count], as: .float64)
      }
    }
  }
}
