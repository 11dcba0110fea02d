import Recurrent

/// How far a conversion from another convention may have rounded a cell's parameters, relative.
struct ConversionRoundoff: Equatable, Sendable {
  var weights = 0.0
  var biases = 0.0
  /// `|b_ih| + |b_hh|` of every gate of the run itself, where its biases are not the cell's: large biases that
  /// cancel are rounded at their own size, whatever the converted bias is.
  var ownBiases: [GateKind: [Double]] = [:]

  /// A cell with its own parameters.
  static let none = ConversionRoundoff()
}
