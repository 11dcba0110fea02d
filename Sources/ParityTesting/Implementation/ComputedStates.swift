/// What an implementation computed of one pass, as far as it has it.
///
/// Every h of every step tells most; of an LSTM together with every c. The last states alone are judged too.
public struct ComputedStates<Element: ParityElement>: Sendable {
  /// `(T, B, S)`, in the layout; S is H, or P where h is projected.
  public var h: ParityTensor<Element>?
  /// `(T, B, H)`, in the layout; an LSTM's.
  public var c: ParityTensor<Element>?
  /// `(B, S)`: h after each sequence's last valid step in processing order.
  public var finalH: ParityTensor<Element>?
  /// `(B, H)`; an LSTM's.
  public var finalC: ParityTensor<Element>?

  /// Nothing yet.
  public init() {}

  /// The state h of every step, which is also what the pass outputs.
  public static func states(h: some ParityValues<Element>) -> ComputedStates {
    var states = ComputedStates()
    states.h = h.parityTensor
    return states
  }

  /// Both states of every step of an LSTM.
  public static func states(
    h: some ParityValues<Element>, c: some ParityValues<Element>
  ) -> ComputedStates {
    var states = states(h: h)
    states.c = c.parityTensor
    return states
  }

  /// The last state alone.
  public static func finalState(h: some ParityValues<Element>) -> ComputedStates {
    var states = ComputedStates()
    states.finalH = h.parityTensor
    return states
  }

  /// The last states of an LSTM alone.
  public static func finalState(
    h: some ParityValues<Element>, c: some ParityValues<Element>
  ) -> ComputedStates {
    var states = finalState(h: h)
    states.finalC = c.parityTensor
    return states
  }

  /// The same with the last state beside it.
  public func ending(h: some ParityValues<Element>) -> ComputedStates {
    var states = self
    states.finalH = h.parityTensor
    return states
  }

  /// The same with the last states of an LSTM beside it.
  public func ending(h: some ParityValues<Element>, c: some ParityValues<Element>) -> ComputedStates {
    var states = ending(h: h)
    states.finalC = c.parityTensor
    return states
  }
}

/// What an implementation computed of a whole network, as far as it has it.
public struct ComputedNetwork<Element: ParityElement>: Sendable {
  /// Of each layer the states of one direction or of both; empty where there are none.
  public var layers: [[ComputedStates<Element>]]
  /// `(T, B, ·)`, in the layout: what the last layer hands on, both directions merged.
  public var output: ParityTensor<Element>?
  /// The last states of every layer and direction, in that order, as PyTorch stacks its `h_n`; empty where there are
  /// none.
  public var finalStates: [ComputedStates<Element>]

  /// What the last layer hands on, and nothing of those below but, perhaps, their last states.
  public static func output(
    _ output: some ParityValues<Element>, finalStates: [ComputedStates<Element>] = []
  ) -> ComputedNetwork {
    ComputedNetwork(layers: [], output: output.parityTensor, finalStates: finalStates)
  }

  /// The states of every layer, of one direction each or of both.
  public static func states(_ layers: [[ComputedStates<Element>]]) -> ComputedNetwork {
    ComputedNetwork(layers: layers, output: nil, finalStates: [])
  }
}
