import FixtureEditing
import HDF5

private let layers = "/references/pytorch/layers"
private let layer = "/references/pytorch/layers/1"

extension FixtureChange {
  static let sharedWeights: [FixtureChange] = [
    second(
      "weights_of in layer 0", "\(layers)/0", "attribute weights_of: expected nothing in layer 0, found 0"
    ) {
      try $0.setAttribute("weights_of", of: "\(layers)/0", to: 0)
    },
    second(
      "weights_of another cell", layer,
      "attribute weights_of: expected a lstm of I = 8, H = 7, P = 4 as this layer, found lstm of I = 5, H = 7, P = 4"
    ) {
      try $0.setAttribute("weights_of", of: layer, to: 0)
      for direction in ["forward", "backward"] { try $0.remove("\(layer)/\(direction)/weights") }
    },
    second(
      "weights_of beside weights", "\(layer)/forward/weights",
      "expected nothing: weights_of names another layer's, found a group", in: "stackedrnn-square"
    ) {
      try $0.setAttribute("weights_of", of: layer, to: 0)
    },
    second(
      "weights_of another direction", layer,
      "attribute weights_of: expected a layer with the direction forward, found layer 0",
      in: "stackedrnn-square"
    ) {
      try $0.shareWeights(of: layer, with: 0)
      try $0.move("\(layers)/0/forward", to: "\(layers)/0/backward")
      try $0.setAttribute("direction", of: "\(layers)/0", to: "backward")
    },
    second(
      "weights_of a layer without", "\(layers)/2",
      "attribute weights_of: expected a layer that stores its weights, found layer 1, which has another's",
      in: "stackedrnn-square"
    ) {
      $0.copyLayer(layer, to: "\(layers)/2")
      try $0.shareWeights(of: layer, with: 0)
      try $0.shareWeights(of: "\(layers)/2", with: 1)
    },
    second(
      "no weights at all", "\(layer)/forward/weights", "cannot open group: expected a group, found nothing",
      in: "stackedrnn-square"
    ) { try $0.remove("\(layer)/forward/weights") },
  ]
}
