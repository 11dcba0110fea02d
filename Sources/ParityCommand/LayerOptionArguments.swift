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
  var activation: Activation?

  @Option(help: "Of the gates.")
  var recurrentActivation: Activation?

  @Option(help: "Of a GRU, true or false.")
  var resetAfter: Bool?

  @Option(help: "Of a layer with one direction, forward or backward.")
  var direction: Direction?

  @Option(help: "Of a layer with two: concat, sum, mul or ave.")
  var merge: MergeMode?

  /// One entry for each name, or one about all.
  var layers: [LayerOptions] {
    let said = LayerOptions(
      kind: kind, activation: activation, recurrentActivation: recurrentActivation, resetAfter: resetAfter,
      direction: direction, merge: merge)
    guard !layer.isEmpty else { return [said] }
    return layer.map { name in
      var entry = said
      entry.name = name
      return entry
    }
  }
}

extension CellKind: ExpressibleByArgument {}
extension Direction: ExpressibleByArgument {}
extension MergeMode: ExpressibleByArgument {}

extension Activation: ExpressibleByArgument {
  public init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard let name = ActivationName(rawValue: parts[0]), parts.count <= 3 else { return nil }
    let numbers = parts.dropFirst().compactMap(Double.init)
    guard numbers.count == parts.count - 1,
      let activation = try? Activation(name, alpha: numbers.first, beta: numbers.dropFirst().first)
    else { return nil }
    self = activation
  }
}
