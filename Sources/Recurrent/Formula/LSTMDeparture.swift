/// What runs of a long short-term memory cell are known to compute although no framework's cell declares it: see
/// `LSTM.departing`. A diagnosis tries it; no file can state it.
public struct LSTMDeparture: Equatable, Sendable {
  /// Whether i is `1 − f`; its own parameters are then unused.
  public var inputIsCoupled = false
  /// The gates whose peephole is added to what the activation gives, in place of its argument.
  public var peepholesAfterActivation: Set<GateKind> = []
  /// What the new c is clipped to, ± `cellClip`; nil where it is not.
  public var cellClip: Double?
  /// What the argument of the output's activation is clipped to, c itself remaining as it is; nil where it is not.
  public var outputClip: Double?
  /// The share of the old h in the new one.
  public var zoneout = 0.0
  /// The share of the old c in the new one, once h is made of that.
  public var cellZoneout = 0.0

  /// No departure: the cell as frameworks have it.
  public init() {}
}
