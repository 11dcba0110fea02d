import NativeWeights
import Recurrent

/// What a weight file does not say, in the words of the command line.
enum MissingOptions {
  /// The flags by which the options that are missing are given, each once.
  static func request(for layers: [MissingInformation.Options]) -> String {
    var flags: [String] = []
    for flag in layers.flatMap(\.names).map(flag) where !flags.contains(flag) { flags.append(flag) }
    return "what the file does not say to be given, by " + flags.joined(separator: " ")
  }

  /// - Parameter option: by its name in `LayerOptions`.
  private static func flag(_ option: String) -> String {
    func choice<Value: CaseIterable & RawRepresentable>(_ type: Value.Type) -> String
    where Value.RawValue == String { Value.allCases.map(\.rawValue).joined(separator: "|") }
    return switch option {
    case "kind": "--kind \(choice(CellKind.self))"
    case "activation": "--activation tanh|relu|…"
    case "recurrentActivation": "--recurrent-activation sigmoid|hard_sigmoid|…"
    case "resetAfter": "--reset-after true|false"
    case "direction": "--direction \(choice(Direction.self))"
    case "merge": "--merge \(choice(MergeMode.self))"
    default: option
    }
  }
}
