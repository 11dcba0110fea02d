import Foundation
import NativeWeights
import Recurrent
import Testing

/// The README's lines with trained networks, with nothing but what another package sees.
@Suite struct TrainedNetworkTests {
  private let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/weights").path

  @Test func kerasPredictsWithItsHead() throws {
    let input = BatchedSequence<Float>(zeros: 5, 2, 3)
    let file = try WeightFile(contentsOf: "\(folder)/keras-lstm.h5")
    let encoder: Network<Float> = try file.network()
    let h = encoder.run(input).layers[0].passes[0].finalState.h
    let kernel: Matrix<Float> = try file.matrix("head/kernel")
    let scores = h * kernel + (try file.vector("head/bias", as: Float.self))
    #expect(scores.rows == 2 && scores.columns == 2)
    // By the definition of the product, to the rounding of sums of four terms in another order.
    for (b, o) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
      let bias = try file.vector("head/bias", as: Double.self)[o]
      let terms = (0..<h.columns).map {
        Double(h.elements[b * h.columns + $0]) * Double(kernel.elements[$0 * 2 + o])
      }
      let magnitude = terms.reduce(bias.magnitude) { $0 + $1.magnitude }
      let difference = Double(scores.elements[b * 2 + o]) - terms.reduce(bias, +)
      #expect(difference.magnitude <= 6 * 0x1p-24 * magnitude)
    }
  }

  @Test func pyTorchHasToBeToldWhatItsFileDoesNotSay() throws {
    let path = "\(folder)/pytorch-rnn-relu.safetensors"
    let error = #expect(throws: WeightFileError.self) { try Network<Float>(contentsOf: path) }
    #expect(error?.description.contains("activation") == true)
  }
}
