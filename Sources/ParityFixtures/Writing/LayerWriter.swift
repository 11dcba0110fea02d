import Recurrent
import RecurrentConventions
import RecurrentParity

/// Writes one layer of a reference.
struct LayerWriter {
  let layer: RecordedLayer
  let convention: Convention
  let valid: ValidSteps
  /// The type of the case's input; nil where the file has none.
  let commonFormat: FloatFormat?

  func write(to node: WritingNode) throws(FixtureError) {
    guard let first = layer.passes.first, let direction = LayerDirection(layer.passes.map(\.direction)) else {
      throw node.error(
        expected: "one direction, or forward and backward",
        found: layer.passes.map(\.direction.rawValue).joined(separator: ", "))
    }
    let cells = layer.passes.map { CellAttributes($0.cell) }
    try expectOneKind(cells, node)
    try node.set("name", layer.name)
    try node.set("module", layer.module)
    try node.set("direction", direction.rawValue)
    if layer.passes.count > 1 || layer.merge != .concat { try node.set("merge_mode", layer.merge.rawValue) }
    try writeCell(cells[0].description, to: node)
    // What the directions do not have in common, each says for itself.
    let areAlike = cells.allSatisfy { $0.activations == cells[0].activations }
    if areAlike { try set(cells[0].activations, node) }
    try node.set("precision", first.declared?.rawValue)
    try node.set("decimals", first.decimals)
    if layer.emptyFinal != .initial { try node.set("empty_final", layer.emptyFinal.rawValue) }
    try node.set("pair", layer.pair)
    if let calls = layer.calls {
      try node.set("calls", json: CallsEntry(kind: calls.kind, count: calls.count, sizes: calls.sizes))
    }
    try writeOtherOptions(to: node)
    if let input = layer.input {
      try node.write("input", input)
      try node.write(valid)
    }
    if let output = layer.output { try node.write("output", output) }
    let parts = layer.merge == .concat ? layer.passes.count : 1
    for (index, pass) in layer.passes.enumerated() {
      let direction = try node.child(pass.direction.rawValue)
      if !areAlike { try set(cells[index].activations, direction) }
      let writer = PassWriter(
        pass: pass, convention: convention,
        output: parts == layer.passes.count ? layer.output?.part(index, of: parts) : nil,
        format: layer.output?.storage ?? commonFormat ?? layer.input?.storage ?? .float32)
      try writer.write(to: direction)
    }
  }

  private func set(_ activations: [DeclaredActivation], _ node: WritingNode) throws(FixtureError) {
    for activation in activations { try node.set(activation) }
  }

  private func writeCell(_ cell: CellDescription, to node: WritingNode) throws(FixtureError) {
    try node.set("cell", cell.kind.rawValue)
    try node.set("hidden_size", cell.hiddenSize)
    try node.set("projection_size", cell.projectionSize)
    if cell.kind == .gru { try node.set("reset_after", cell.resetAfter) }
    try node.set("clip", cell.clip)
    if cell.inputForget { try node.set("input_forget", true) }
  }

  /// A file says of a layer as a whole what its cells are and what they declare.
  private func expectOneKind(_ cells: [CellAttributes], _ node: WritingNode) throws(FixtureError) {
    let kinds = cells.map { cell in
      var description = cell.description
      (description.activation, description.recurrentActivation) = (.tanh, .sigmoid)
      description.outputActivation = nil
      return description
    }
    guard kinds.allSatisfy({ $0 == kinds[0] }) else {
      throw node.error(expected: "directions of one cell, size and options", found: "others")
    }
    let passes = layer.passes
    guard passes.allSatisfy({ $0.declared == passes[0].declared && $0.decimals == passes[0].decimals }) else {
      throw node.error(expected: "directions that declare the same of their arithmetic", found: "others")
    }
  }

  private func writeOtherOptions(to node: WritingNode) throws(FixtureError) {
    guard !layer.otherOptions.isEmpty else { return }
    let names = Set(layer.otherOptions.map(\.name))
    guard names.count == layer.otherOptions.count, layer.otherOptions.map(\.name) == names.sorted() else {
      throw node.error(
        attribute: "other_options", expected: "options of different names, in name order",
        found: layer.otherOptions.map(\.text).joined(separator: ", "))
    }
    try node.set(
      "other_options",
      json: Dictionary(
        uniqueKeysWithValues: layer.otherOptions.map { ($0.name, OptionValue(text: $0.value)) }))
  }
}
