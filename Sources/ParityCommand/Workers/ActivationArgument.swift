import ArgumentParser
import Recurrent

/// An activation as it is written in a command line: "tanh", "leaky_relu:0.2", "hard_sigmoid:0.2:0.5".
struct ActivationArgument: ExpressibleByArgument, Codable, Sendable {
  private let text: String

  init?(argument: String) {
    text = argument
    if activation == nil { return nil }
  }

  /// Nil for what is none.
  var activation: Activation? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let numbers = parts.dropFirst().compactMap(Double.init)
    guard let name = ActivationName(rawValue: parts[0]), parts.count <= 3, numbers.count == parts.count - 1
    else { return nil }
    return try? Activation(name, alpha: numbers.first, beta: numbers.dropFirst().first)
  }
}
