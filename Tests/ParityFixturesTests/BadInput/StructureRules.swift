import FixtureEditing

private let reference = "/references/pytorch"
private let layers = "/references/pytorch/layers"

extension FixtureChange {
  /// Layers are numbered from 0 without a gap, each number written in one way.
  static let layerNumbers =
    [
      change("no layer", layers, "expected a layer 0, found no layer") {
        try $0.remove("\(layers)/0")
        try $0.remove("\(layers)/1")
      },
      change("no layer 0", "\(layers)/0", "expected layers numbered 0 to 0, found no such layer") {
        try $0.remove("\(layers)/0")
      },
      change("a gap", "\(layers)/1", "expected layers numbered 0 to 1, found no such layer") {
        try $0.move("\(layers)/1", to: "\(layers)/2")
      },
      change("a wide gap", "\(layers)/1", "expected layers numbered 0 to 1, found no such layer") {
        try $0.move("\(layers)/1", to: "\(layers)/9223372036854775807")
      },
    ]
    + ["01", "+1", "-1", "-0"].map { name in
      change("a layer \(name)", "\(layers)/\(name)", "expected layers numbered 0, 1, 2 …, found \"\(name)\"")
      {
        try $0.move("\(layers)/1", to: "\(layers)/\(name)")
      }
    }
    + [
      change("no reference", "/references", "expected at least one reference, found none") {
        try $0.remove(reference)
      },
      change(
        "no evidence", layers,
        "expected recorded states, outputs or final states in some layer, found none: there is no evidence"
      ) { tree in
        for layer in ["\(layers)/0", "\(layers)/1"] {
          try tree.remove("\(layer)/output")
          for pass in ["\(layer)/forward", "\(layer)/backward"] {
            for name in ["h", "c", "final_state"] { try tree.remove("\(pass)/\(name)") }
          }
        }
      },
      change("other steps than the lengths", "/lengths", "expected 1 to 11 valid steps, found 12 at [1]") {
        try $0.change("/input") { $0.reshape([11, 3, 5]) }
      },
      change("other sequences than the lengths", "/lengths", "expected shape (4), found shape (3)") {
        try $0.change("/input") { $0.reshape([12, 4, 5]) }
      },
      change(
        "another input width than the weights", "\(layers)/0/forward/weights/weight_ih",
        "expected shape (28, 6), found shape (28, 5)"
      ) {
        try $0.change("/input") { $0.reshape([12, 3, 6]) }
      },
      change("float16 for the input", "/input", "expected float32 or float64, found float16") {
        try $0.change("/input") { $0.store(as: .float(bits: 16, bigEndian: false)) }
      },
    ]

  /// What a layer was really fed has the case's steps and sequences, and is finite.
  static let layerInputs = [
    ([11, 3, 8], 0.0, "expected shape (12, 3, any), found shape (11, 3, 8)"),
    ([12, 4, 8], 0, "expected shape (12, 3, any), found shape (12, 4, 8)"),
    ([36, 8], 0, "expected rank 3, shape (12, 3, any), found rank 2, shape (36, 8)"),
    ([12, 3, 0], 0, "expected at least one value, found shape (12, 3, 0)"),
    ([12, 3, 8], .nan, "expected finite values, found nan at [0, 0, 0]"),
    ([12, 3, 8], -.infinity, "expected finite values, found -inf at [0, 0, 0]"),
  ].map { shape, value, problem in
    change("a layer input of shape \(shape), \(value)", "\(layers)/1/input", problem) {
      $0.datasets["\(layers)/1/input"] = DatasetValue(
        [Double](repeating: value, count: shape.reduce(1, *)), shape: shape)
    }
  }

  /// Groups that contain themselves, by another name or by a link, are followed once and no further.
  static let recursion = [
    hardLink("/references/self", to: "/references", "attribute framework: expected a string, found nothing"),
    hardLink("/references/self", to: "/", "attribute framework: expected a string, found nothing"),
    softLink("/references/self", to: "/references", "attribute framework: expected a string, found nothing"),
    softLink(
      "/references/self", to: "..",
      "cannot open group: expected a group, found a soft link to .., which doesn't exist"),
    hardLink("\(layers)/2", to: layers, "attribute name: expected a string, found nothing"),
    softLink("\(layers)/2", to: layers, "attribute name: expected a string, found nothing"),
    softLink(
      "\(layers)/2", to: "\(layers)/2/2",
      "cannot open group: expected a group, found a soft link to \(layers)/2/2, which doesn't exist"),
    hardLink(
      "\(layers)/0/forward/weights/self", to: "\(layers)/0/forward/weights",
      "cannot open dataset: expected a dataset, found a group"),
    softLink(
      "\(layers)/0/forward/weights/self", to: "/", "cannot open dataset: expected a dataset, found a group"),
    // The last layer twice: the second reads the first's eight outputs, and would need as many columns.
    FixtureChange(
      "a layer below itself", "\(layers)/1/forward/weights/weight_ih",
      "expected shape (28, 8), found shape (28, 5)", in: rich
    ) {
      try $0.replace("\(layers)/1", with: .hardLink(to: "\(layers)/0"))
    },
    FixtureChange(
      "a pass in a pass", "\(layers)/1/backward/weights",
      "cannot open group: expected a group, found nothing", in: rich
    ) {
      try $0.replace("\(layers)/1/backward", with: .hardLink(to: "\(layers)/1"))
    },
    FixtureChange(
      "states in states", "\(layers)/1/backward/initial_state/h",
      "cannot open dataset: expected a dataset, found a group", in: rich
    ) {
      try $0.remove("\(layers)/1/backward/initial_state/h")
      $0.raw.append(
        ("\(layers)/1/backward/initial_state/h", .hardLink(to: "\(layers)/1/backward/initial_state")))
    },
  ]

  /// Sizes that a few stored bytes declare.
  static let declaredSizes =
    [
      longSequence("/input", [1 << 20, 1 << 20, 1 << 20], chunk: [1, 1, 1 << 20], "\(1 << 62)"),
      longSequence("/input", [1, 1, 1 << 29 + 1], chunk: [1, 1, 1 << 20], "\(1 << 31 + 4)"),
      longSequence("/input", [1 << 40, 1 << 40, 1 << 40], chunk: [1, 1, 1], "too many"),
      longSequence("/input", [1 << 62, 2, 1], chunk: [1, 1, 1], "too many"),
      longSequence("\(layers)/1/input", [12, 3, 1 << 50], chunk: [1, 1, 1 << 20], "\(144 << 50)"),
      bomb("\(layers)/1/forward/weights/weight_ih", [1 << 30, 1 << 30], chunk: [1, 1 << 20]),
      bomb("\(layers)/1/forward/weights/unused", [1 << 62], chunk: [1 << 20]),
    ]

  private static func bomb(_ path: String, _ shape: [Int], chunk: [Int]) -> FixtureChange {
    FixtureChange(
      "\(path) of shape \(shape)", path,
      "expected at most 268435456 bytes of values in the file, found shape (\(text(shape)))", in: rich
    ) {
      $0.datasets[path] = nil
      $0.raw.append((path, .unwritten(shape: shape, chunk: chunk)))
    }
  }

  /// A sequence is read in windows, but no file of a few kilobytes holds as much as it declares.
  private static func longSequence(
    _ path: String, _ shape: [Int], chunk: [Int], _ bytes: String
  ) -> FixtureChange {
    FixtureChange(
      "\(path) of shape \(shape)", path,
      "expected at most 1073741824 bytes of sequences in a file of its size, "
        + "found shape (\(text(shape))), \(bytes) bytes", in: rich
    ) {
      $0.datasets[path] = nil
      $0.raw.append((path, .unwritten(shape: shape, chunk: chunk)))
    }
  }

  private static func text(_ shape: [Int]) -> String { shape.map(String.init).joined(separator: ", ") }

  private static func change(
    _ name: String, _ path: String, _ problem: String,
    _ change: @escaping @Sendable (inout FixtureTree) throws -> Void
  ) -> FixtureChange { FixtureChange(name, path, problem, in: rich, change) }

  private static func hardLink(_ path: String, to target: String, _ problem: String) -> FixtureChange {
    FixtureChange("\(path), a second name of \(target)", path, problem, in: rich) {
      $0.raw.append((path, .hardLink(to: target)))
    }
  }

  private static func softLink(_ path: String, to target: String, _ problem: String) -> FixtureChange {
    FixtureChange("\(path), a link to \(target)", path, problem, in: rich) { $0.softLinks[path] = target }
  }
}
