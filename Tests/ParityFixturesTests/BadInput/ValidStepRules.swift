import FixtureEditing
import HDF5

private let layer = "/references/pytorch/layers/1"

extension FixtureChange {
  static let validSteps = ["", layer].flatMap { place in
    wrongMasks(place) + twice(place) + withoutInput(place) + lengths(place)
  }

  /// A place whose input has no valid steps said of it yet: all of the case, or a layer.
  private static func prepare(_ tree: inout FixtureTree, _ place: String) throws {
    if place.isEmpty { try tree.remove("/lengths") } else { try tree.giveOwnInput(place) }
  }

  private static func wrongMask(
    _ place: String, _ name: String, _ problem: String, _ mask: DatasetValue
  ) -> FixtureChange {
    second("\(place)/mask \(name)", "\(place)/mask", problem) {
      try prepare(&$0, place)
      $0.datasets["\(place)/mask"] = mask
    }
  }

  private static func wrongMasks(_ place: String) -> [FixtureChange] {
    let shapes: [[Int]] = [[3, 12], [36], [12, 3, 1], [11, 3], [0, 3], []]
    let wrongShapes = shapes.map { shape in
      let found = shape.map(String.init).joined(separator: ", ")
      let mask = DatasetValue(mask: Array(allSteps.prefix(shape.reduce(1, *))), shape: shape)
      return wrongMask(place, "of shape \(shape)", "expected shape (12, 3), found shape (\(found))", mask)
    }
    let problem = "cannot read dataset: expected a boolean dataset, found"
    let twos = [Int64](repeating: 2, count: 36)
    return wrongShapes + [
      wrongMask(
        place, "of floats", "\(problem) float32",
        DatasetValue([Double](repeating: 1, count: 36), shape: [12, 3])),
      wrongMask(
        place, "of strings", "\(problem) a string",
        DatasetValue(.strings([String](repeating: "1", count: 36)), shape: [12, 3])),
      wrongMask(
        place, "of twos", "cannot read dataset: expected 0 or 1, found 2",
        DatasetValue(.integers(twos), shape: [12, 3])),
      second(
        "\(place)/mask a group", "\(place)/mask", "cannot open dataset: expected a dataset, found a group"
      ) {
        try prepare(&$0, place)
        $0.groups["\(place)/mask"] = [:]
      },
    ]
  }

  private static func twice(_ place: String) -> [FixtureChange] {
    [
      second(
        "\(place)/mask beside lengths", "\(place)/mask",
        "expected nothing beside lengths, which say the same, found a dataset"
      ) {
        try prepare(&$0, place)
        $0.datasets["\(place)/lengths"] = DatasetValue(.integers([12, 12, 12]), shape: [3])
        $0.datasets["\(place)/mask"] = DatasetValue(mask: allSteps, shape: [12, 3])
      }
    ]
  }

  private static func withoutInput(_ place: String) -> [FixtureChange] {
    ["mask", "lengths"].map { name in
      let path = "\(place)/\(name)"
      return second("\(path) without an input", path, "expected an input beside it, found none") {
        if place.isEmpty { try $0.giveInputToLayers() }
        $0.datasets[path] =
          name == "mask"
          ? DatasetValue(mask: allSteps, shape: [12, 3])
          : DatasetValue(.integers([12, 12, 12]), shape: [3])
      }
    }
  }

  private static func lengths(_ place: String) -> [FixtureChange] {
    let path = "\(place)/lengths"
    return [-1, 13, Int64.max].map { length in
      second("\(path) \(length)", path, "expected 0 to 12 valid steps, found \(length) at [1]") {
        try prepare(&$0, place)
        $0.datasets[path] = DatasetValue(.integers([12, length, 1]), shape: [3])
      }
    }
  }
}
