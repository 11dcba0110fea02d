import FixtureEditing
import HDF5

private let reference = "/references/pytorch"
private let layer = "/references/pytorch/layers/1"
private let pass = "/references/pytorch/layers/1/backward"

/// What may lie in the place of something else, and how an error calls it.
private struct Occupant: Sendable {
  let found: String
  let put: @Sendable (inout FixtureTree, _ path: String) throws -> Void

  init(_ found: String, _ put: @escaping @Sendable (inout FixtureTree, String) throws -> Void) {
    (self.found, self.put) = (found, put)
  }

  /// Links that lead nowhere, in circles, and out of the file.
  static let links = [
    Occupant("a soft link to /nowhere, which doesn't exist") { $0.softLinks[$1] = "/nowhere" },
    Occupant("a soft link to PATH, which doesn't exist") { $0.softLinks[$1] = $1 },
    Occupant("a soft link to /circle, which doesn't exist") {
      $0.softLinks[$1] = "/circle"
      $0.softLinks["/circle"] = $1
    },
    Occupant("an external link to / in other.h5, which is never followed") {
      $0.externalLinks[$1] = "other.h5"
    },
    Occupant("an external link to / in /outside.h5, which is never followed") {
      $0.softLinks[$1] = "/outside/x"
      $0.externalLinks["/outside"] = "/outside.h5"
    },
    Occupant("a datatype") { $0.raw.append(($1, .namedType)) },
  ]

  static let datasets = [
    Occupant("a dataset") { $0.raw.append(($1, .dataset(.compound, shape: [1]))) },
    Occupant("a dataset") {
      $0.datasets["/x"] = DatasetValue([1], shape: [1])
      $0.softLinks[$1] = "/x"
    },
    Occupant("a dataset") {
      $0.datasets["/x"] = DatasetValue([1], shape: [1])
      $0.raw.append(($1, .hardLink(to: "/x")))
    },
  ]

  static let groups = [
    Occupant("a group") { $0.groups[$1] = [:] },
    Occupant("a group") { $0.softLinks[$1] = "/" },
    Occupant("a group") { $0.raw.append(($1, .hardLink(to: "/references"))) },
  ]
}

/// A dataset of floats, and the shape that the attributes and the other datasets give it.
struct TensorRule: Sendable {
  let path: String
  let shape: [Int]
  let isWeight: Bool
  let isOptional: Bool
  /// Whether values that are not finite are the file's fault and not the run's.
  let isFinite: Bool

  init(
    _ path: String, _ shape: [Int], isWeight: Bool = false, isOptional: Bool = true, isFinite: Bool = false
  ) {
    (self.path, self.shape, self.isWeight) = (path, shape, isWeight)
    (self.isOptional, self.isFinite) = (isOptional, isFinite)
  }

  /// Of the fixture in which most rules are broken.
  static let all = [
    TensorRule("/input", [12, 3, 5], isOptional: false, isFinite: true),
    TensorRule("\(layer)/output", [12, 3, 8]),
    TensorRule("\(pass)/h", [12, 3, 4]),
    TensorRule("\(pass)/c", [12, 3, 7]),
    TensorRule("\(pass)/initial_state/h", [3, 4], isFinite: true),
    TensorRule("\(pass)/initial_state/c", [3, 7], isFinite: true),
    TensorRule("\(pass)/final_state/h", [3, 4]),
    TensorRule("\(pass)/final_state/c", [3, 7]),
    TensorRule("\(pass)/weights/weight_ih", [28, 8], isWeight: true, isFinite: true),
    TensorRule("\(pass)/weights/weight_hh", [28, 4], isWeight: true, isFinite: true),
    TensorRule("\(pass)/weights/bias_ih", [28], isWeight: true, isFinite: true),
    TensorRule("\(pass)/weights/bias_hh", [28], isWeight: true, isFinite: true),
    TensorRule("\(pass)/weights/weight_hr", [4, 7], isWeight: true, isFinite: true),
  ]

  /// Every shape but for one axis that is longer, shorter or empty, or one that is missing or superfluous.
  var wrongShapes: [[Int]] {
    let lengths = shape.indices.flatMap { axis in
      [shape[axis] + 1, shape[axis] - 1, 0].map { length in
        var other = shape
        other[axis] = length
        return other
      }
    }
    let ranks = [[], [shape.reduce(1, *)], shape + [1], [1] + shape].filter { $0 != shape }
    let turned = Array(shape.reversed())
    return lengths + ranks + (turned == shape ? [] : [turned])
  }

  func problem(_ other: [Int]) -> String {
    let (expected, found) = (text(shape), text(other))
    if isWeight && other.contains(0) { return "expected at least one value, found shape \(found)" }
    if isWeight || other.count == shape.count { return "expected shape \(expected), found shape \(found)" }
    return "expected rank \(shape.count), shape \(expected), found rank \(other.count), shape \(found)"
  }

  func shapes(in original: String) -> [FixtureChange] {
    wrongShapes.map { other in
      FixtureChange("\(path) of shape \(other)", path, problem(other), in: original) {
        try $0.change(path) { $0.reshape(other) }
      }
    }
  }

  /// The first and the last value.
  func notFinite(in original: String) -> [FixtureChange] {
    let last = shape.map { String($0 - 1) }.joined(separator: ", ")
    let first = shape.map { _ in "0" }.joined(separator: ", ")
    return [Double.nan, .infinity, -.infinity].flatMap { value in
      [(0, first), (shape.reduce(1, *) - 1, last)].map { index, position in
        FixtureChange(
          "\(path) with \(value) at [\(position)]", path,
          "expected finite values, found \(value) at [\(position)]",
          in: original
        ) { try $0.change(path) { $0.numbers[index] = value } }
      }
    }
  }

  private func text(_ shape: [Int]) -> String { "(" + shape.map(String.init).joined(separator: ", ") + ")" }
}

extension FixtureChange {
  private static let groupPaths = [
    "/references", reference, "\(reference)/layers", "\(reference)/layers/0", layer, "\(layer)/forward", pass,
    "\(pass)/weights", "\(pass)/initial_state", "\(pass)/final_state",
  ]

  /// Something else in the place of each group, also of those that may be absent.
  static let groupKinds =
    groupPaths.flatMap { path in (Occupant.links + Occupant.datasets).map { occupied(path, "group", $0) } }
    + ["/references", "\(reference)/layers", "\(layer)/forward", pass, "\(pass)/weights"].map { path in
      FixtureChange("no \(path)", path, "cannot open group: expected a group, found nothing", in: rich) {
        try $0.remove(path)
      }
    }

  /// Something else in the place of each dataset, also of those that may be absent.
  static let datasetKinds =
    (["/lengths"] + TensorRule.all.map(\.path)).flatMap { path in
      (Occupant.links + Occupant.groups).map { occupied(path, "dataset", $0) } + [
        FixtureChange(
          "\(path) virtual", path, "cannot open dataset: a virtual dataset, whose data are elsewhere",
          in: rich
        ) { try $0.replace(path, with: .virtual(shape: [1])) }
      ]
    }
    + TensorRule.all.map { rule in
      FixtureChange(
        "\(rule.path) stored elsewhere", rule.path,
        "cannot read dataset: its data are in another file, which is never read", in: rich
      ) { try $0.replace(rule.path, with: .external(shape: rule.shape)) }
    }
    + [
      FixtureChange("no /input", "/input", "cannot open dataset: expected a dataset, found nothing", in: rich)
      {
        try $0.remove("/input")
      }
    ]

  private static func occupied(_ path: String, _ kind: String, _ occupant: Occupant) -> FixtureChange {
    let found = occupant.found.replacing("PATH", with: path)
    return FixtureChange(
      "\(found) for \(path)", path, "cannot open \(kind): expected a \(kind), found \(found)", in: rich
    ) {
      try $0.remove(path)
      try occupant.put(&$0, path)
    }
  }

  /// Numbers of another type in the place of floats, and of integers.
  static let datasetTypes =
    TensorRule.all.flatMap { rule in
      types(rule.path, expected: "float32 or float64", ["int64", "uint64", "string"])
    } + types("/lengths", expected: "integers", ["float64", "string"])

  private static func types(_ path: String, expected: String, _ plain: [String]) -> [FixtureChange] {
    ForeignType.allCases.map { type in
      FixtureChange("\(path) as \(type)", path, "expected \(expected), found \(type.rawValue)", in: rich) {
        try $0.replace(path, with: .dataset(type, shape: [1]))
      }
    }
      + plain.map { type in
        FixtureChange("\(path) as \(type)", path, "expected \(expected), found \(type)", in: rich) {
          let values: DatasetValue.Values =
            switch type {
            case "string": .strings(["1"])
            case "float64": .floats([1], .float(bits: 64, bigEndian: false))
            case "uint64": .unsigned([1])
            default: .integers([1])
            }
          $0.datasets[path] = DatasetValue(values, shape: [1])
        }
      }
  }

  static let datasetShapes =
    TensorRule.all.dropFirst().flatMap { $0.shapes(in: rich) }
    + [[2], [4], [0], [], [3, 1], [1, 3]].map { other in
      let found = "(" + other.map(String.init).joined(separator: ", ") + ")"
      return FixtureChange(
        "/lengths of shape \(other)", "/lengths", "expected shape (3), found shape \(found)", in: rich
      ) { try $0.change("/lengths") { $0.reshape(other) } }
    }
    + [[], [12], [36, 5], [12, 3, 5, 1]].map { other in
      let found = "(" + other.map(String.init).joined(separator: ", ") + ")"
      return FixtureChange(
        "/input of shape \(other)", "/input",
        "expected rank 3, shape (any, any, any), found rank \(other.count), shape \(found)", in: rich
      ) { try $0.change("/input") { $0.reshape(other) } }
    }
    + [[0, 3, 5], [12, 0, 5], [12, 3, 0]].map { other in
      let found = "(" + other.map(String.init).joined(separator: ", ") + ")"
      return FixtureChange(
        "/input of shape \(other)", "/input", "expected at least one value, found shape \(found)", in: rich
      ) { try $0.change("/input") { $0.reshape(other) } }
    }

  static let lengthRanges = [0, -1, 13, Int64.max, .min].flatMap { length in
    (0..<3).map { index in
      FixtureChange(
        "length \(length) at \(index)", "/lengths",
        "expected 1 to 12 valid steps, found \(length) at [\(index)]", in: rich
      ) {
        try $0.change("/lengths") {
          var lengths: [Int64] = [12, 12, 12]
          lengths[index] = length
          $0.values = .integers(lengths)
        }
      }
    }
  }

  static let notFinite = TensorRule.all.filter(\.isFinite).flatMap { rule in
    // The last value of the input may be padding.
    rule.notFinite(in: rich).filter { rule.path != "/input" || $0.name.contains("[0") }
  }
}
