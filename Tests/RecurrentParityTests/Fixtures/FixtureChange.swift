import FixtureEditing
import HDF5
import Testing

/// One change to a valid fixture that makes it an invalid one, and what the reader has to say of it.
struct FixtureChange: CustomTestStringConvertible, Sendable {
  let name: String
  /// The HDF5 path of the offending object.
  let path: String
  let problem: String
  let change: @Sendable (inout FixtureTree) throws -> Void

  init(
    _ name: String, _ path: String, _ problem: String,
    _ change: @escaping @Sendable (inout FixtureTree) throws -> Void
  ) {
    (self.name, self.path, self.problem, self.change) = (name, path, problem, change)
  }

  var testDescription: String { name }

  static let all = root + input + lengths + references + layers + weights + states + links
}

private let keras = "/references/keras"
private let pytorch = "/references/pytorch"
private let layer0 = "/references/keras/layers/0"
private let layer1 = "/references/keras/layers/1"
private let forward = "/references/keras/layers/0/forward"
private let backward = "/references/keras/layers/1/backward"

extension FixtureChange {
  private static let root = [
    attribute("format", of: "/", nil, "expected a string, found nothing"),
    attribute("format", of: "/", "onnx", "expected \"rnn-parity-fixture\", found \"onnx\""),
    attribute("format_version", of: "/", nil, "expected an integer, found nothing"),
    attribute("format_version", of: "/", 2, "expected 1, the version that this program reads, found 2"),
    attribute("format_version", of: "/", 0, "expected 1, the version that this program reads, found 0"),
    attributeType("format", of: "/", 1, "expected a string attribute, found int64"),
    attributeType("format_version", of: "/", "1", "expected an integer attribute, found a string"),
    attribute("case", of: "/", nil, "expected a string, found nothing"),
    attributeType("case", of: "/", 3, "expected a string attribute, found int64"),
    attributeType("case", of: "/", .strings(["a", "b"]), "expected a single value, found 2 in shape [2]"),
    attributeType("description", of: "/", .double(1), "expected a string attribute, found float64"),
    attributeType("seed", of: "/", "one", "expected an integer attribute, found a string"),
    attributeType("seed", of: "/", .double(1), "expected an integer attribute, found float64"),
  ]

  private static let input = [
    FixtureChange("no input", "/input", "cannot open dataset: expected a dataset, found nothing") {
      try $0.remove("/input")
    },
    FixtureChange("a group for the input", "/input", "cannot open dataset: expected a dataset, found a group")
    {
      try $0.remove("/input")
      $0.groups["/input"] = [:]
    },
    shape("/input", [36, 5], "expected rank 3, shape (any, any, any), found rank 2, shape (36, 5)"),
    shape(
      "/input", [12, 3, 5, 1], "expected rank 3, shape (any, any, any), found rank 4, shape (12, 3, 5, 1)"),
    shape("/input", [12, 3, 0], "expected at least one value, found shape (12, 3, 0)"),
    shape("/input", [0, 3, 5], "expected at least one value, found shape (0, 3, 5)"),
    type("/input", .float(bits: 16, bigEndian: false), "expected float32 or float64, found float16"),
    integers("/input", "expected float32 or float64, found int64"),
    FixtureChange("strings for the input", "/input", "expected float32 or float64, found string") {
      $0.datasets["/input"] = DatasetValue(.strings(["a"]), shape: [1, 1, 1])
    },
    value("/input", at: 2 * 15 + 5 + 3, .nan, "expected finite values, found nan at [2, 1, 3]"),
    value("/input", at: 0, .infinity, "expected finite values, found inf at [0, 0, 0]"),
    // The last value of the longest sequence; the others are padding there.
    value("/input", at: 11 * 15 + 5 + 4, -.infinity, "expected finite values, found -inf at [11, 1, 4]"),
  ]

  private static let lengths = [
    type("/lengths", .float(bits: 64, bigEndian: false), "expected integers, found float64"),
    shape("/lengths", [4], "expected shape (3), found shape (4)"),
    shape("/lengths", [2], "expected shape (3), found shape (2)"),
    shape("/lengths", [3, 1], "expected shape (3), found shape (3, 1)"),
    value("/lengths", at: 0, 0, "expected 1 to 12 valid steps, found 0 at [0]"),
    value("/lengths", at: 1, 13, "expected 1 to 12 valid steps, found 13 at [1]"),
    value("/lengths", at: 2, -1, "expected 1 to 12 valid steps, found -1 at [2]"),
    FixtureChange(
      "a group for the lengths", "/lengths", "cannot open dataset: expected a dataset, found a group"
    ) {
      try $0.remove("/lengths")
      $0.groups["/lengths"] = [:]
    },
  ]

  private static let references = [
    FixtureChange("no references", "/references", "cannot open group: expected a group, found nothing") {
      try $0.remove("/references")
    },
    FixtureChange("no reference", "/references", "expected at least one reference, found none") {
      try $0.remove(keras)
      try $0.remove(pytorch)
    },
    FixtureChange(
      "a dataset among the references", "/references/other",
      "cannot open group: expected a group, found a dataset"
    ) { $0.datasets["/references/other"] = DatasetValue([1], shape: [1]) },
    attribute("framework", of: keras, nil, "expected a string, found nothing"),
    attribute("framework_version", of: pytorch, nil, "expected a string, found nothing"),
    attribute("convention", of: keras, nil, "expected \"pytorch\" or \"keras\" or \"onnx\", found nothing"),
    attribute(
      "convention", of: keras, "caffe", "expected \"pytorch\" or \"keras\" or \"onnx\", found \"caffe\""),
    attributeType("convention", of: keras, 1, "expected a string attribute, found int64"),
    attributeType("environment", of: keras, .bool(true), "expected a string attribute, found a boolean"),
    FixtureChange("no layers", "\(keras)/layers", "cannot open group: expected a group, found nothing") {
      try $0.remove("\(keras)/layers")
    },
    FixtureChange("an empty group of layers", "\(keras)/layers", "expected a layer 0, found no layer") {
      try $0.remove(layer0)
      try $0.remove(layer1)
    },
    FixtureChange(
      "a gap among the layers", layer1, "expected layers numbered 0 to 1, found no such layer"
    ) { try $0.move(layer1, to: "\(keras)/layers/2") },
    FixtureChange(
      "layers counted from one", layer0, "expected layers numbered 0 to 0, found no such layer"
    ) { try $0.remove(layer0) },
    FixtureChange(
      "a dataset for a layer", layer1, "cannot open group: expected a group, found a dataset"
    ) {
      try $0.remove(layer1)
      $0.datasets[layer1] = DatasetValue([1], shape: [1])
    },
  ]

  private static let layers = [
    attribute("name", of: layer1, nil, "expected a string, found nothing"),
    attribute("cell", of: layer0, nil, "expected \"rnn\" or \"gru\" or \"lstm\", found nothing"),
    attribute(
      "cell", of: layer0, "transformer", "expected \"rnn\" or \"gru\" or \"lstm\", found \"transformer\""),
    attribute(
      "direction", of: layer0, nil, "expected \"forward\" or \"backward\" or \"bidirectional\", found nothing"
    ),
    attribute(
      "direction", of: layer0, "both",
      "expected \"forward\" or \"backward\" or \"bidirectional\", found \"both\""),
    FixtureChange(
      "a direction too many", "\(layer0)/backward",
      "expected nothing: direction is \"forward\", found a group"
    ) { try $0.setAttribute("direction", of: layer0, to: "forward") },
    FixtureChange(
      "the other direction", "\(layer0)/forward", "expected nothing: direction is \"backward\", found a group"
    ) { try $0.setAttribute("direction", of: layer0, to: "backward") },
    FixtureChange(
      "a direction too few", "\(layer1)/backward", "cannot open group: expected a group, found nothing"
    ) { try $0.remove(backward) },
    attribute("hidden_size", of: layer0, nil, "expected an integer, found nothing"),
    attribute("hidden_size", of: layer0, 0, "expected 1 to 16777216, found 0"),
    attribute("hidden_size", of: layer0, -7, "expected 1 to 16777216, found -7"),
    attribute("hidden_size", of: layer0, .int(.max), "expected 1 to 16777216, found 9223372036854775807"),
    attributeType("hidden_size", of: layer0, .double(7), "expected an integer attribute, found float64"),
    FixtureChange(
      "another kind of cell than the weights'", "\(layer0)/forward/weights/kernel",
      "expected shape (5, 21), found shape (5, 7)"
    ) { try $0.setAttribute("cell", of: layer0, to: "gru") },
    FixtureChange(
      "another merge mode than the output's", "\(layer0)/output",
      "expected shape (12, 3, 7), found shape (12, 3, 14)"
    ) { try $0.setAttribute("merge_mode", of: layer0, to: "sum") },
    attributeType("reset_after", of: layer0, "yes", "expected a boolean attribute, found a string"),
    attributeType("reset_after", of: layer0, 2, "expected 0 or 1, found 2"),
    attribute(
      "recurrent_activation", of: layer0, "relu",
      "expected \"sigmoid\" or \"hard_sigmoid\" or \"hard_sigmoid_keras2\", found \"relu\""),
    FixtureChange(
      "another hidden size than the output's", "\(layer0)/output",
      "expected shape (12, 3, 16), found shape (12, 3, 14)"
    ) { try $0.setAttribute("hidden_size", of: layer0, to: 8) },
    attribute("projection_size", of: layer0, 3, "expected 0 for cell \"rnn\", found 3"),
    attribute(
      "merge_mode", of: layer0, "max", "expected \"concat\" or \"sum\" or \"mul\" or \"ave\", found \"max\""),
    attribute(
      "activation", of: layer0, "sine",
      "expected \"tanh\" or \"relu\" or \"sigmoid\" or \"linear\" or \"hard_sigmoid\", found \"sine\""),
    shape("\(layer0)/output", [12, 3, 7], "expected shape (12, 3, 14), found shape (12, 3, 7)"),
    shape("\(layer0)/output", [11, 3, 14], "expected shape (12, 3, 14), found shape (11, 3, 14)"),
    shape("\(layer0)/output", [36, 14], "expected rank 3, shape (12, 3, 14), found rank 2, shape (36, 14)"),
    integers("\(layer0)/output", "expected float32 or float64, found int64"),
    FixtureChange(
      "a layer input of other steps", "\(layer1)/input",
      "expected shape (12, 3, any), found shape (11, 3, 14)"
    ) {
      $0.datasets["\(layer1)/input"] = DatasetValue([Double](repeating: 0, count: 462), shape: [11, 3, 14])
    },
    FixtureChange(
      "a layer input that is not finite", "\(layer1)/input", "expected finite values, found nan at [0, 0, 0]"
    ) {
      $0.datasets["\(layer1)/input"] = DatasetValue(
        [Double](repeating: .nan, count: 504), shape: [12, 3, 14])
    },
    FixtureChange(
      "a layer input of other width", "\(layer1)/forward/weights/kernel",
      "expected shape (13, 7), found shape (14, 7)"
    ) {
      $0.datasets["\(layer1)/input"] = DatasetValue([Double](repeating: 0, count: 468), shape: [12, 3, 13])
    },
  ]

  private static let weights = [
    FixtureChange("no weights", "\(forward)/weights", "cannot open group: expected a group, found nothing") {
      try $0.remove("\(forward)/weights")
    },
    FixtureChange("a kernel too few", "\(forward)/weights/kernel", "expected shape (5, 7), found nothing") {
      try $0.remove("\(forward)/weights/kernel")
    },
    FixtureChange(
      "a recurrent kernel too few", "\(backward)/weights/recurrent_kernel",
      "expected shape (7, 7), found nothing"
    ) { try $0.remove("\(backward)/weights/recurrent_kernel") },
    FixtureChange(
      "one bias of two", "\(pytorch)/layers/0/forward/weights/bias_hh", "expected shape (7), found nothing"
    ) { try $0.remove("\(pytorch)/layers/0/forward/weights/bias_hh") },
    FixtureChange(
      "the other bias of two", "\(pytorch)/layers/1/backward/weights/bias_ih",
      "expected shape (7), found nothing"
    ) { try $0.remove("\(pytorch)/layers/1/backward/weights/bias_ih") },
    FixtureChange(
      "a weight that nothing reads", "\(forward)/weights/scale",
      "expected only kernel, recurrent_kernel, bias, found a weight that this cell does not read"
    ) { $0.datasets["\(forward)/weights/scale"] = DatasetValue([1], shape: [1]) },
    FixtureChange(
      "a projection that nothing reads", "\(pytorch)/layers/0/forward/weights/weight_hr",
      "expected only weight_ih, weight_hh, bias_ih, bias_hh, found a weight that this cell does not read"
    ) {
      $0.datasets["\(pytorch)/layers/0/forward/weights/weight_hr"] = DatasetValue([1, 2], shape: [1, 2])
    },
    FixtureChange(
      "a group among the weights", "\(forward)/weights/ii",
      "cannot open dataset: expected a dataset, found a group"
    ) { $0.groups["\(forward)/weights/ii"] = [:] },
    shape("\(forward)/weights/kernel", [7, 5], "expected shape (5, 7), found shape (7, 5)"),
    shape("\(forward)/weights/kernel", [35], "expected shape (5, 7), found shape (35)"),
    shape("\(forward)/weights/recurrent_kernel", [7, 8], "expected shape (7, 7), found shape (7, 8)"),
    shape("\(backward)/weights/bias", [2, 7], "expected shape (7), found shape (2, 7)"),
    shape(
      "\(pytorch)/layers/0/forward/weights/weight_ih", [5, 7], "expected shape (7, 5), found shape (5, 7)"),
    value("\(forward)/weights/kernel", at: 8, .nan, "expected finite values, found nan at [1, 1]"),
    value("\(backward)/weights/bias", at: 6, .infinity, "expected finite values, found inf at [6]"),
    integers("\(forward)/weights/kernel", "expected float32 or float64, found int64"),
  ]

  private static let states = [
    shape("\(forward)/initial_state/h", [7, 3], "expected shape (3, 7), found shape (7, 3)"),
    shape(
      "\(forward)/initial_state/h", [1, 3, 7], "expected rank 2, shape (3, 7), found rank 3, shape (1, 3, 7)"),
    value("\(backward)/initial_state/h", at: 20, .nan, "expected finite values, found nan at [2, 6]"),
    FixtureChange(
      "a dataset for the initial state", "\(forward)/initial_state",
      "cannot open group: expected a group, found a dataset"
    ) {
      try $0.remove("\(forward)/initial_state")
      $0.datasets["\(forward)/initial_state"] = DatasetValue([1], shape: [1])
    },
    shape("\(forward)/final_state/h", [3, 8], "expected shape (3, 7), found shape (3, 8)"),
    shape("\(forward)/h", [12, 3, 8], "expected shape (12, 3, 7), found shape (12, 3, 8)"),
    shape("\(forward)/h", [13, 3, 7], "expected shape (12, 3, 7), found shape (13, 3, 7)"),
    shape("\(forward)/h", [12, 4, 7], "expected shape (12, 3, 7), found shape (12, 4, 7)"),
    shape("\(forward)/h", [36, 7], "expected rank 3, shape (12, 3, 7), found rank 2, shape (36, 7)"),
    integers("\(backward)/h", "expected float32 or float64, found int64"),
    FixtureChange(
      "no evidence", "\(keras)/layers",
      "expected recorded states, outputs or final states in some layer, found none: there is no evidence"
    ) { tree in
      for layer in [layer0, layer1] {
        try tree.remove("\(layer)/output")
        for direction in ["forward", "backward"] {
          try tree.remove("\(layer)/\(direction)/h")
          try tree.remove("\(layer)/\(direction)/final_state")
        }
      }
    },
  ]

  private static let links = [
    FixtureChange(
      "a link that leads nowhere", "/input",
      "cannot open dataset: expected a dataset, found a soft link to /nowhere, which doesn't exist"
    ) {
      try $0.remove("/input")
      $0.softLinks["/input"] = "/nowhere"
    },
    FixtureChange(
      "a link out of the file", "/references",
      "cannot open group: expected a group, found an external link to / in other.h5, which is never followed"
    ) {
      try $0.remove("/references")
      $0.externalLinks["/references"] = "other.h5"
    },
  ]
}

// MARK: Changes of one kind

extension FixtureChange {
  private static func attribute(
    _ name: String, of path: String, _ value: AttributeValue?, _ problem: String
  ) -> FixtureChange {
    FixtureChange(
      "\(path)@\(name) \(value.map { "\($0)" } ?? "absent")", path, "attribute \(name): \(problem)"
    ) {
      try $0.setAttribute(name, of: path, to: value)
    }
  }

  /// An attribute of a type that it cannot have.
  private static func attributeType(
    _ name: String, of path: String, _ value: AttributeValue, _ problem: String
  ) -> FixtureChange {
    FixtureChange("\(path)@\(name) \(value)", "\(path)@\(name)", "cannot read attribute: \(problem)") {
      try $0.setAttribute(name, of: path, to: value)
    }
  }

  private static func shape(_ path: String, _ shape: [Int], _ problem: String) -> FixtureChange {
    FixtureChange("\(path) of shape \(shape)", path, problem) { try $0.change(path) { $0.reshape(shape) } }
  }

  private static func type(_ path: String, _ type: ElementType, _ problem: String) -> FixtureChange {
    FixtureChange("\(path) as \(type)", path, problem) { try $0.change(path) { $0.store(as: type) } }
  }

  private static func integers(_ path: String, _ problem: String) -> FixtureChange {
    FixtureChange("\(path) as integers", path, problem) { try $0.change(path) { $0.storeAsIntegers() } }
  }

  private static func value(_ path: String, at index: Int, _ value: Double, _ problem: String)
    -> FixtureChange
  {
    FixtureChange("\(path) with \(value) at \(index)", path, problem) {
      try $0.change(path) { $0.numbers[index] = value }
    }
  }
}
