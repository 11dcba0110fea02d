import ArgumentParser
import NativeWeights
import Recurrent

/// What a weight file does not say of its layers.
struct LayerOptionArguments: ParsableArguments {
  @Option(
    help:
      "Only the layer, or the layers of the module, of that name; repeatable, in the order of the network.")
  var layer: [String] = []

  @Option(help: "rnn, gru or lstm.")
  var kind: CellKind?

  @Option(help: "Of the state: tanh, relu, …; with parameters name:alpha or name:alpha:beta.")
  var activation: ActivationArgument?

  @Option(help: "Of the gates.")
  var recurrentActivation: ActivationArgument?

  @Option(help: "Of a GRU, true or false.")
  var resetAfter: Bool?

  @Option(help: "Of a layer with one direction, forward or backward.")
  var direction: Direction?

  @Option(help: "Of a layer with two: concat, sum, mul or ave.")
  var merge: MergeMode?

  var said: ConversionTask.Said {
    ConversionTask.Said(
      kind: kind?.rawValue, activation: activation, recurrentActivation: recurrentActivation,
      resetAfter: resetAfter, direction: direction?.rawValue, merge: merge?.rawValue)
  }

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

extension CellKind: ExpressibleByArgument {}
extension Direction: ExpressibleByArgument {}
extension MergeMode: ExpressibleByArgument {}
