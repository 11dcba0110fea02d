import Recurrent

/// How one framework writes a network down: all that is its own. A convention is one type of these rules, in a file of
/// its own, and a case of `Convention`, which registers it.
protocol FrameworkRules: Sendable {
  /// The framework's own spelling.
  static var title: String { get }
  /// "a" or "an", before the title.
  static var article: String { get }
  /// The formula that weights of this convention are for.
  static var formula: BiasFormula { get }
  /// How the gates of a GRU and of an LSTM are packed.
  static var gruOrder: [GateKind] { get }
  static var lstmOrder: [GateKind] { get }
  /// What the framework calls a gate in other words than PyTorch.
  static var letters: [GateKind: String] { get }
  /// Along which axis of the framework's own array gates are packed, in numpy's words; nil where each is stored by
  /// itself.
  static var gateAxis: Int? { get }
  /// What the framework's cells may have beside what all have.
  static var features: Set<CellFeature> { get }
  /// Whether no cell of the framework is without biases.
  static var hasAlwaysBiases: Bool { get }
  /// What the framework's layers may have beside one forward direction.
  static var layerFeatures: Set<LayerFeature> { get }

  /// What the framework's cells take of such activations, in a few words; nil where that is this one.
  static func refusal(of activation: Activation, ofGates: Bool, in kind: CellKind) -> String?
  /// The argument that gives a layer of this cell another activation; nil where there is none.
  static func activationCode(_ activation: Activation, ofGates: Bool, in cell: Cell<Double>) -> String?

  /// The native name of the weight of the state.
  static func recurrentWeight(_ kind: CellKind) -> String
  static func read(
    _ cell: CellDescription, _ reader: inout TensorReader
  ) throws(ConventionError) -> NativeGates
  /// Of a cell of this convention's formula.
  static func tensors(_ cell: Cell<Double>) -> [String: NativeTensor]

  /// The equations as the framework's documentation has them.
  static func notation(_ kind: CellKind) -> Notation
}

extension FrameworkRules {
  static var article: String { "a" }
  static var letters: [GateKind: String] { [:] }
  static var features: Set<CellFeature> { [] }
  static var hasAlwaysBiases: Bool { false }

  static func gateOrder(_ kind: CellKind) -> [GateKind] {
    switch kind {
    case .rnn: [.hidden]
    case .gru: gruOrder
    case .lstm: lstmOrder
    }
  }

  static func letter(_ gate: GateKind) -> String { letters[gate] ?? gate.rawValue }
}
