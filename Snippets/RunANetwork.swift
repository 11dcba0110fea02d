// A network that Keras trained, run in Swift, and held against what Keras computed.

import NativeWeights
import ParityFixtures
import ParityTesting
import Recurrent
import RecurrentParity

let fixture = "Fixtures/digits-bilstm-keras-trained.h5"
let network = try Network<Float>(contentsOf: fixture, reference: "keras")

let input = try ParityCase(contentsOf: fixture).input.whole.converted(to: Float.self)
let trace = network.run(input)
let output = trace.layers.last?.output
print(output?.elements.prefix(4) ?? [])

try requireParity(
  withFixtureAt: fixture, reference: "keras",
  of: .network(Float.self) { given in
    let input = BatchedSequence(
      timesteps: given.timesteps, batch: given.batch, features: 8, elements: given.input.values)
    return .output(network.run(input).layers[0].output.elements)
  })
