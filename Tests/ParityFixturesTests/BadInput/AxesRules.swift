import FixtureEditing
import HDF5

private let layers = "/references/pytorch/layers"
private let layer = "/references/pytorch/layers/1"

extension FixtureChange {
  static let ownAxes: [FixtureChange] = [
    second(
      "no input anywhere", "\(layers)/0/input", "expected an input of the layer or of the case, found none"
    ) {
      try $0.remove("/input")
      try $0.remove("/lengths")
    },
    second(
      "an input of rank 2", "\(layer)/input",
      "expected rank 3, shape (any, any, any), found rank 2, shape (36, 8)"
    ) {
      try $0.giveOwnInput(layer)
      try $0.change("\(layer)/input") { $0.reshape([36, 8]) }
    },
    second("an empty input", "\(layer)/input", "expected at least one value, found shape (0, 3, 8)") {
      try $0.giveOwnInput(layer)
      try $0.change("\(layer)/input") { $0.reshape([0, 3, 8]) }
    },
    second("an input that is not finite", "\(layer)/input", "expected finite values, found nan at [11, 2, 7]")
    {
      try $0.giveOwnInput(layer)
      try $0.change("\(layer)/input", at: 287) { _ in .nan }
    },
    second("an input of integers", "\(layer)/input", "expected float32 or float64, found int64") {
      try $0.giveOwnInput(layer)
      try $0.change("\(layer)/input") { $0.storeAsIntegers() }
    },
    second(
      "other steps than its output", "\(layer)/output", "expected shape (11, 3, 8), found shape (12, 3, 8)"
    ) {
      try $0.giveOwnInput(layer)
      try $0.change("\(layer)/input") { $0.reshape([11, 3, 8]) }
    },
    second(
      "other sequences than its states", "\(layer)/forward/initial_state/h",
      "expected shape (2, 4), found shape (3, 4)"
    ) {
      try $0.giveOwnInput(layer)
      try $0.remove("\(layer)/output")
      try $0.change("\(layer)/input") { $0.reshape([12, 2, 8]) }
    },
    second(
      "another width than its weights", "\(layer)/forward/weights/weight_ih",
      "expected shape (28, 9), found shape (28, 8)"
    ) {
      try $0.giveOwnInput(layer)
      try $0.change("\(layer)/input") { $0.reshape([12, 3, 9]) }
    },
    second("lengths of other sequences", "\(layer)/lengths", "expected shape (3), found shape (2)") {
      try $0.giveOwnInput(layer)
      $0.datasets["\(layer)/lengths"] = DatasetValue(.integers([12, 12]), shape: [2])
    },
    second("float lengths", "\(layer)/lengths", "expected integers, found float32") {
      try $0.giveOwnInput(layer)
      $0.datasets["\(layer)/lengths"] = DatasetValue([12, 12, 12], shape: [3])
    },
    second("integers for the common input", "/input", "expected float32 or float64, found int64") {
      try $0.change("/input") { $0.storeAsIntegers() }
    },
  ]
}
