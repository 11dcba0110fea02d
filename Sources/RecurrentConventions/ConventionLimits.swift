import Recurrent

/// What a cell has that not every framework has.
struct CellExtras {
  var kind: CellKind
  var resetsBefore = false
  var isProjected = false
  var hasPeepholes = false
}

extension CellExtras {
  init(_ description: CellDescription) {
    self.init(
      kind: description.kind, resetsBefore: description.kind == .gru && !description.resetAfter,
      isProjected: description.projectionSize != nil)
  }

  init(_ cell: Cell<Double>) {
    self.init(
      kind: cell.kind, isProjected: cell.weightHR != nil,
      hasPeepholes: cell.gates.contains { $0.gate.peephole != nil })
    if case .gru(let gru) = cell { resetsBefore = !gru.resetAfter }
  }
}

extension Convention {
  /// - Throws: for a cell that the framework does not have, in the name of its recurrent weight.
  func expectToHave(_ cell: CellExtras) throws(ConventionError) {
    if cell.resetsBefore, !hasResetBefore {
      throw ConventionError(
        tensor: recurrentWeight(cell.kind), expected: "reset_after true, as every \(framework) GRU is",
        found: "false")
    }
    if cell.isProjected, self != .pytorch {
      throw ConventionError(
        tensor: recurrentWeight(cell.kind), expected: "no projection: \(article) \(framework) LSTM has none",
        found: "one")
    }
    if cell.hasPeepholes, self != .onnx {
      throw ConventionError(
        tensor: recurrentWeight(cell.kind), expected: "no peepholes: \(article) \(framework) LSTM has none",
        found: "some")
    }
  }

  private var hasResetBefore: Bool { self == .keras || self == .onnx }

  private var framework: String {
    switch self {
    case .pytorch: "PyTorch"
    case .keras: "Keras"
    case .onnx: "ONNX"
    case .flax: "Flax"
    case .mlx: "MLX"
    }
  }

  private var article: String { self == .onnx || self == .mlx ? "an" : "a" }

  private func recurrentWeight(_ kind: CellKind) -> String {
    switch self {
    case .pytorch: "weight_hh"
    case .keras: "recurrent_kernel"
    case .onnx: "R"
    case .flax: kind == .gru ? "hn/kernel" : "hi/kernel"
    case .mlx: "Wh"
    }
  }
}
