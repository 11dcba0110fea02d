import Recurrent

/// An activation as a Keras configuration has it.
struct KerasActivation {
  /// Nil where no formula here has it, and where it depends on a version that is not known.
  let activation: Activation?
  let isKnown: Bool
  /// As it is written.
  let text: String

  /// - Parameter version: Keras's; its `hard_sigmoid` became another function in version 3.
  init(_ value: JSONValue?, version: String?) {
    text = Self.name(value)
    switch text {
    case "hard_sigmoid":
      isKnown = true
      activation = version.map { $0.hasPrefix("2.") ? .hardSigmoidKeras2 : .hardSigmoid }
    case "leaky_relu":
      isKnown = true
      activation = .leakyRelu(alpha: 0.2)
    default:
      let name = ActivationName(rawValue: text)
      // This project's own names are none of Keras's.
      activation = name == .hardSigmoidKeras2 ? nil : name.flatMap { try? Activation($0) }
      isKnown = activation != nil
    }
  }

  /// "tanh"; what is no plain name, by its class.
  private static func name(_ value: JSONValue?) -> String {
    switch value {
    case nil, .null: return "linear"
    case .string(let name): return name
    case .some(let value):
      if value["class_name"]?.string == "function", let name = value["config"]?.string { return name }
      // A layer in the place of a function, with parameters of its own.
      return value["class_name"]?.string.map { "\($0) layer" } ?? "another"
    }
  }
}
