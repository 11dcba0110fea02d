import Recurrent

/// Something that a run may have done, relative to what its stored weights and attributes declare.
///
/// It is a change of whatever problem it is given, so that several compose: see `Composition`.
struct Hypothesis: Sendable {
  let mistake: Mistake
  /// What it touches: what touches the same does not compose.
  let aspects: Aspects
  let change: Change
  /// What of the record the change was made of; nil where it is made of none of it.
  var fit: Fit?

  init(_ mistake: Mistake, _ aspects: Aspects, fit: Fit? = nil, _ change: Change) {
    self.mistake = mistake
    self.aspects = aspects
    self.fit = fit
    self.change = change
  }

  /// Changes the problem to what the run may have done.
  func apply(_ problem: inout StepwiseProblem) {
    switch change {
    case .cell(let change): change(&problem.cell)
    case .problem(let change): change(&problem)
    }
  }

  /// Whether it changes what steps start from or are held against.
  var changesStart: Bool { if case .problem = change { true } else { false } }

  enum Change: Sendable {
    /// The formula and its parameters alone: what steps start from is what it was.
    case cell(@Sendable (inout Cell<Double>) -> Void)
    case problem(@Sendable (inout StepwiseProblem) -> Void)
  }

  /// How much of the record was used to find a value, a probability, a threshold or a function.
  struct Fit: Equatable, Sendable {
    /// How many values were fitted.
    let elements: Int
    /// The steps whose recorded states were used.
    let steps: Set<StepIndex>
    /// Whether those steps alone are said to be wrong: then every other one is evidence, though the declared formula
    /// accounts for it too.
    var isLocal = false
  }
}

/// What a hypothesis is about, in the order in which changes are made: what is read before what is computed from it,
/// whole matrices before their order, and the order of gates before what is said of one gate.
struct Aspects: OptionSet, Sendable {
  let rawValue: Int

  static let record = Aspects(rawValue: 1 << 0)
  static let time = Aspects(rawValue: 1 << 1)
  static let input = Aspects(rawValue: 1 << 2)
  static let initialState = Aspects(rawValue: 1 << 3)
  static let carrying = Aspects(rawValue: 1 << 4)
  static let inputWeights = Aspects(rawValue: 1 << 5)
  static let recurrentWeights = Aspects(rawValue: 1 << 6)
  static let biasValues = Aspects(rawValue: 1 << 7)
  static let inputOrder = Aspects(rawValue: 1 << 8)
  static let recurrentOrder = Aspects(rawValue: 1 << 9)
  static let biasOrder = Aspects(rawValue: 1 << 10)
  static let bias = Aspects(rawValue: 1 << 11)
  static let formula = Aspects(rawValue: 1 << 12)
  static let reset = Aspects(rawValue: 1 << 13)
  static let activation = Aspects(rawValue: 1 << 14)
  static let recurrentActivation = Aspects(rawValue: 1 << 15)
  static let outputActivation = Aspects(rawValue: 1 << 16)
  static let coupling = Aspects(rawValue: 1 << 17)
  static let clip = Aspects(rawValue: 1 << 18)
  static let peepholes = Aspects(rawValue: 1 << 19)
  static let zoneout = Aspects(rawValue: 1 << 20)
  static let gateInputWeights = Aspects(rawValue: 1 << 21)
  static let gateRecurrentWeights = Aspects(rawValue: 1 << 22)

  static let gateOrder: Aspects = [.inputOrder, .recurrentOrder, .biasOrder]
  static let parameters: Aspects = [.inputWeights, .recurrentWeights, .biasValues, .gateOrder, .bias]

  /// The first of them.
  var first: Int { rawValue.trailingZeroBitCount }
}
