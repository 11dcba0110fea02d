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
}

extension CellKind: ExpressibleByArgument {}
extension Direction: ExpressibleByArgument {}
extension MergeMode: ExpressibleByArgument {}
