import HDF5
import Recurrent
import RecurrentConventions

extension ParityCase {
  /// What a fixture's values may take in memory by default: 4 GiB.
  public static let defaultMemoryLimit = 4 << 30

  /// Reads and validates a fixture of format version 1.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - memoryLimit: in bytes; a file that declares more is refused before anything is allocated.
  /// - Throws: `FixtureError` for whatever is missing, superfluous, of the wrong type, rank or shape, not
  ///   finite, or in contradiction to another part.
  public init(
    contentsOf path: String, memoryLimit: Int = ParityCase.defaultMemoryLimit
  ) throws(FixtureError) {
    let file: File
    do { file = try File(reading: path) } catch { throw FixtureError(error, file: path) }
    let root = FixtureNode(group: file.root, budget: ReadingBudget(file: path, bytes: memoryLimit))
    try Self.checkFormat(root)

    self.file = path
    name = try root.string("case")
    summary = try root.optionalString("description")
    seed = try root.optionalInt("seed")
    let input = try root.tensor("input", shape: [nil, nil, nil])
    guard input.format == .float32 || input.format == .float64 else {
      throw root.error(input.path, expected: "float32 or float64", found: input.format.name)
    }
    self.input = BatchedSequence(input)
    inputFormat = input.format
    lengths = try Self.lengths(root, input: self.input)
    try root.requireFinite(self.input, input, lengths: lengths)

    let references = try root.child("references")
    self.references = []
    for name in try references.names() {
      let reader = ReferenceReader(input: self.input, lengths: lengths)
      self.references.append(try reader.reference(name, in: try references.child(name)))
    }
    guard !self.references.isEmpty else {
      throw references.error(expected: "at least one reference", found: "none")
    }
  }

  private static func checkFormat(_ root: FixtureNode) throws(FixtureError) {
    let format = try root.string("format")
    guard format == "rnn-parity-fixture" else {
      throw root.error(attribute: "format", expected: "\"rnn-parity-fixture\"", found: "\"\(format)\"")
    }
    let version = try root.int("format_version")
    guard version == 1 else {
      throw root.error(
        attribute: "format_version", expected: "1, the version that this program reads",
        found: "\(version)")
    }
  }

  private static func lengths(
    _ root: FixtureNode, input: BatchedSequence<Double>
  ) throws(FixtureError) -> [Int] {
    guard let lengths = try root.optionalIntegers("lengths", count: input.batch) else {
      return [Int](repeating: input.timesteps, count: input.batch)
    }
    if let b = lengths.firstIndex(where: { !(1...input.timesteps ~= $0) }) {
      throw root.error(
        "/lengths", expected: "1 to \(input.timesteps) valid steps", found: "\(lengths[b]) at [\(b)]")
    }
    return lengths
  }
}

/// Reads one reference of a case.
private struct ReferenceReader {
  let input: BatchedSequence<Double>
  let lengths: [Int]

  func reference(_ name: String, in node: FixtureNode) throws(FixtureError) -> Reference {
    let framework = try node.string("framework")
    let version = try node.string("framework_version")
    let convention = try node.choice("convention", of: Convention.allCases)
    let environment = try node.optionalString("environment")
    let group = try node.child("layers")
    var layers: [RecordedLayer] = []
    for index in 0..<(try layerCount(group)) {
      let below = layers.last.map { $0.passes.reduce(0) { $0 + $1.h.features } }
      layers.append(
        try layer(
          try group.child(String(index)), inputSize: below ?? input.features, convention: convention))
    }
    return Reference(
      name: name, framework: framework, frameworkVersion: version, convention: convention,
      environment: environment, layers: layers)
  }

  /// Layers are numbered 0, 1, 2 … without a gap.
  private func layerCount(_ group: FixtureNode) throws(FixtureError) -> Int {
    let numbers = Set(try group.names().compactMap { Int($0) })
    guard !numbers.isEmpty else { throw group.error(expected: "a layer 0", found: "no layer") }
    if let gap = (0..<numbers.count).first(where: { !numbers.contains($0) }) {
      throw group.error(
        "\(group.path)/\(gap)", expected: "layers numbered 0 to \(numbers.count - 1)", found: "no such layer")
    }
    return numbers.count
  }

  private func layer(
    _ node: FixtureNode, inputSize below: Int, convention: Convention
  ) throws(FixtureError) -> RecordedLayer {
    let name = try node.string("name")
    _ = try node.choice("cell", of: [CellKind.rnn])
    let directions = try directions(node)
    let hiddenSize = try node.int("hidden_size")
    guard 1...(1 << 24) ~= hiddenSize else {
      throw node.error(attribute: "hidden_size", expected: "1 to \(1 << 24)", found: "\(hiddenSize)")
    }
    let projection = try node.optionalInt("projection_size") ?? 0
    guard projection == 0 else {
      throw node.error(attribute: "projection_size", expected: "0 for cell \"rnn\"", found: "\(projection)")
    }
    _ = try node.choice("merge_mode", of: [MergeMode.concat], default: .concat)
    let activation = try node.choice("activation", of: Activation.allCases, default: .tanh)

    let fed = try node.optionalTensor("input", shape: [input.timesteps, input.batch, nil])
    let fedSequence = fed.map { BatchedSequence($0) }
    if let fed, let fedSequence { try node.requireFinite(fedSequence, fed, lengths: lengths) }
    let output = try node.optionalTensor(
      "output", shape: [input.timesteps, input.batch, directions.count * hiddenSize])

    let description = CellDescription(
      inputSize: fedSequence?.features ?? below, hiddenSize: hiddenSize, activation: activation)
    var passes: [RecordedPass] = []
    for (index, direction) in directions.enumerated() {
      let part = output.map { $0.slice(index, of: directions.count) }
      passes.append(
        try pass(
          try node.child(direction.rawValue), direction, description, convention: convention, output: part))
    }
    return RecordedLayer(
      name: name, input: fedSequence, output: output.map { BatchedSequence($0) }, passes: passes)
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

  private func pass(
    _ node: FixtureNode, _ direction: Direction, _ description: CellDescription, convention: Convention,
    output: FixtureTensor?
  ) throws(FixtureError) -> RecordedPass {
    let H = description.hiddenSize
    let cell = try cell(try node.child("weights"), description, convention)
    let initial = try node.optionalChild("initial_state")?.optionalTensor("h", shape: [input.batch, H])
    if let initial { try node.requireFinite(initial) }
    let final = try node.optionalChild("final_state")?.optionalTensor("h", shape: [input.batch, H])
    let recorded = try node.optionalTensor("h", shape: [input.timesteps, input.batch, H]) ?? output
    guard let recorded else {
      throw node.error(
        "\(node.path)/h", expected: "the recorded states, or the layer's output to read them off",
        found: "nothing")
    }
    return RecordedPass(
      direction: direction, cell: cell, initialState: initial.map { Matrix($0) },
      h: BatchedSequence(recorded), format: recorded.format, finalState: final.map { Matrix($0) })
  }

  private func cell(
    _ node: FixtureNode, _ description: CellDescription, _ convention: Convention
  ) throws(FixtureError) -> Cell<Double> {
    var tensors: [String: NativeTensor] = [:]
    for name in try node.names() {
      let tensor = try node.tensorOfAnyShape(name)
      try node.requireFinite(tensor)
      tensors[name] = NativeTensor(shape: tensor.shape, values: tensor.values)
    }
    do { return try convention.cell(description, from: tensors) } catch {
      throw node.error("\(node.path)/\(error.tensor)", expected: error.expected, found: error.found)
    }
  }
}

/// The `cell` attribute.
private enum CellKind: String { case rnn }

/// The `merge_mode` attribute.
private enum MergeMode: String { case concat }

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

extension FixtureNode {
  fileprivate func requireFinite(_ tensor: FixtureTensor) throws(FixtureError) {
    guard let index = tensor.values.firstIndex(where: { !$0.isFinite }) else { return }
    throw notFinite(tensor, at: index)
  }

  /// Positions beyond a sequence's length are never read: what they hold is the exporter's affair.
  fileprivate func requireFinite(
    _ sequence: BatchedSequence<Double>, _ tensor: FixtureTensor, lengths: [Int]
  ) throws(FixtureError) {
    for step in StepwiseProblem.allSteps(lengths: lengths, timesteps: sequence.timesteps) {
      let range = sequence.range(step.t, step.b)
      if let index = range.first(where: { !sequence.elements[$0].isFinite }) {
        throw notFinite(tensor, at: index)
      }
    }
  }

  private func notFinite(_ tensor: FixtureTensor, at index: Int) -> FixtureError {
    var rest = index
    let position = tensor.shape.reversed().map { size in
      defer { rest /= size }
      return String(rest % size)
    }
    return error(
      tensor.path, expected: "finite values",
      found: "\(tensor.values[index]) at [\(position.reversed().joined(separator: ", "))]")
  }
}

extension FixtureTensor {
  /// One of `count` equal parts of the last axis.
  fileprivate func slice(_ index: Int, of count: Int) -> FixtureTensor {
    let width = shape[shape.count - 1] / count
    let values = stride(from: index * width, to: self.values.count, by: count * width).flatMap {
      self.values[$0..<$0 + width]
    }
    return FixtureTensor(path: path, shape: shape.dropLast() + [width], values: values, format: format)
  }
}

extension BatchedSequence<Double> {
  fileprivate init(_ tensor: FixtureTensor) {
    self.init(
      timesteps: tensor.shape[0], batch: tensor.shape[1], features: tensor.shape[2], elements: tensor.values)
  }
}

extension Matrix<Double> {
  fileprivate init(_ tensor: FixtureTensor) {
    self.init(rows: tensor.shape[0], columns: tensor.shape[1], elements: tensor.values)
  }
}
