import Recurrent

/// The activations of a cell, by the attributes that name them and their parameters.
enum ActivationPlace: String {
  case own = ""
  case recurrent = "recurrent_"
  case output = "output_"

  /// What version 1 has.
  var firstNames: [ActivationName] {
    self == .own
      ? [.tanh, .relu, .sigmoid, .linear, .hardSigmoid] : [.sigmoid, .hardSigmoid, .hardSigmoidKeras2]
  }
}
