import FixtureEditing
import Testing

/// How a convention lays out the weights of one kind of cell: the format document's table.
struct WeightRule: CustomTestStringConvertible, Sendable {
  let cell: String
  let gates: Int
  let convention: String

  var testDescription: String { "\(cell) \(convention)" }
  /// The fixture that all three conventions are in: B = 3, I = 5, H = 7, two bidirectional layers.
  var original: String { "stackedbi\(cell)-onnx" }
  var reference: String { "/references/\(convention == "onnx" ? "onnxruntime" : convention)" }

  static let all = [("rnn", 1), ("gru", 3), ("lstm", 4)].flatMap { cell, gates in
    ["pytorch", "keras", "onnx"].map { WeightRule(cell: cell, gates: gates, convention: $0) }
  }

  /// Names and shapes, in the order in which they are read, for a cell of `gates` gates.
  func weights(inputSize I: Int, hiddenSize H: Int = 7, gates: Int? = nil) -> [(name: String, shape: [Int])] {
    let G = gates ?? self.gates
    switch convention {
    case "pytorch":
      return [
        ("weight_ih", [G * H, I]), ("weight_hh", [G * H, H]), ("bias_ih", [G * H]), ("bias_hh", [G * H]),
      ]
    case "keras":
      return [
        ("kernel", [I, G * H]), ("recurrent_kernel", [H, G * H]), ("bias", G == 3 ? [2, G * H] : [G * H]),
      ]
    default:
      return [("B", [2 * G * H]), ("W", [G * H, I]), ("R", [G * H, H])]
    }
  }

  private func change(
    _ description: String, _ path: String, _ problem: String,
    _ change: @escaping @Sendable (inout FixtureTree) throws -> Void
  ) -> FixtureChange {
    FixtureChange("\(self.testDescription): \(description)", path, problem, in: original) { tree in
      // By itself: what is not written and read takes no time.
      for other in ["pytorch", "keras", "onnxruntime"] where !reference.hasSuffix("/\(other)") {
        try tree.remove("/references/\(other)")
      }
      try change(&tree)
    }
  }

  // MARK: Rules

  /// Every weight of the first and the last pass: missing, of another shape, not finite, not a float.
  var broken: [FixtureChange] {
    [("layers/0/forward", 5), ("layers/1/backward", 14)].flatMap { place, inputSize in
      weights(inputSize: inputSize).flatMap { name, shape in
        let rule = TensorRule("\(reference)/\(place)/weights/\(name)", shape, isWeight: true, isFinite: true)
        // One bias may be absent, but not one of two.
        let isMissed = !["bias", "B"].contains(name)
        let missing = change(
          "no \(place) \(name)", rule.path, "expected shape \(text(shape)), found nothing"
        ) { try $0.remove(rule.path) }
        return (isMissed ? [missing] : [])
          + (rule.shapes(in: original) + rule.notFinite(in: original)).map { other in
            change(other.name, other.path, other.problem, other.change)
          }
      }
    }
  }

  /// What no cell reads: a weight of another name, another convention's, one in a group.
  var unused: [FixtureChange] {
    let weights = "\(reference)/layers/0/forward/weights"
    let hasPeepholes = convention == "onnx" && cell == "lstm"
    let known = (self.weights(inputSize: 5).map(\.name) + (hasPeepholes ? ["P"] : [])).joined(separator: ", ")
    let names = ["gamma", "weight_hr", "P", "0", "weight_ih_l0"]
    return names.map { name in
      change(
        "also \(name)", "\(weights)/\(name)",
        hasPeepholes && name == "P"
          ? "expected shape (21), found shape (1)"
          : "expected only \(known), found a weight that this cell does not read"
      ) { $0.datasets["\(weights)/\(name)"] = DatasetValue([1], shape: [1]) }
    } + [
      change("a group", "\(weights)/ii", "cannot open dataset: expected a dataset, found a group") {
        $0.groups["\(weights)/ii"] = [:]
      },
      change("a weight in a group", "\(weights)/ii", "cannot open dataset: expected a dataset, found a group")
      {
        $0.groups["\(weights)/ii"] = [:]
        $0.datasets["\(weights)/ii/kernel"] = DatasetValue([1], shape: [1])
      },
      change(
        "a group that holds itself", "\(weights)/ii", "cannot open dataset: expected a dataset, found a group"
      ) {
        $0.raw.append(("\(weights)/ii", .hardLink(to: weights)))
      },
    ]
  }

  /// Attributes that contradict the weights.
  var contradictions: [FixtureChange] {
    let layer = "\(reference)/layers/0"
    let weights = "\(layer)/forward/weights"
    let (first, found) = self.weights(inputSize: 5)[0]
    let others = WeightRule.all.filter { $0.convention == convention && $0.cell != cell }
    return others.map { other in
      change(
        "called \(other.cell)", "\(weights)/\(first)",
        "expected shape \(text(self.weights(inputSize: 5, gates: other.gates)[0].shape)), found shape \(text(found))"
      ) { try $0.setAttribute("cell", of: layer, to: .string(other.cell)) }
    } + [
      change(
        "a hidden size of 8", "\(weights)/\(first)",
        "expected shape \(text(self.weights(inputSize: 5, hiddenSize: 8)[0].shape)), found shape \(text(found))"
      ) {
        try $0.setAttribute("hidden_size", of: layer, to: 8)
        try $0.remove("\(layer)/output")
      },
      change(
        "a hidden size of 8 with an output", "\(layer)/output",
        "expected shape (12, 3, 16), found shape (12, 3, 14)"
      ) { try $0.setAttribute("hidden_size", of: layer, to: 8) },
      change(
        "a wider layer input", "\(weights)/\(widthIsIn)",
        "expected shape \(text(inputShape(6))), found shape \(text(inputShape(5)))"
      ) {
        $0.datasets["\(layer)/input"] = DatasetValue([Double](repeating: 0, count: 216), shape: [12, 3, 6])
      },
      change(
        "a merged output of half the width", "\(layer)/output",
        "expected shape (12, 3, 7), found shape (12, 3, 14)"
      ) { try $0.setAttribute("merge_mode", of: layer, to: "ave") },
      change(
        "a merged output that the next layer cannot read",
        "\(reference)/layers/1/forward/weights/\(widthIsIn)",
        "expected shape \(text(inputShape(7))), found shape \(text(inputShape(14))), "
          + "which is what reads the two directions of the layer below concatenated"
      ) {
        try $0.setAttribute("merge_mode", of: layer, to: "mul")
        try $0.remove("\(layer)/output")
      },
      change(
        "forward, with a backward group", "\(layer)/backward",
        "expected nothing: direction is \"forward\", found a group"
      ) { try $0.setAttribute("direction", of: layer, to: "forward") },
      change(
        "backward, with a forward group", "\(layer)/forward",
        "expected nothing: direction is \"backward\", found a group"
      ) { try $0.setAttribute("direction", of: layer, to: "backward") },
      change(
        "bidirectional, without a backward group", "\(layer)/backward",
        "cannot open group: expected a group, found nothing"
      ) { try $0.remove("\(layer)/backward") },
      projection,
    ] + otherConventions + resetBefore
  }

  /// A projection, as wide as the state so that nothing else is wrong.
  private var projection: FixtureChange {
    let layer = "\(reference)/layers/0"
    let weights = "\(layer)/forward/weights"
    let (path, problem) =
      switch (cell, convention) {
      case ("lstm", "pytorch"): ("\(weights)/weight_hr", "expected shape (7, 7), found nothing")
      case ("lstm", "keras"):
        ("\(weights)/recurrent_kernel", "expected no projection: a Keras LSTM has none, found one")
      case ("lstm", _): ("\(weights)/R", "expected no projection: an ONNX LSTM has none, found one")
      default: (layer, "attribute projection_size: expected 0 for cell \"\(cell)\", found 7")
      }
    return change("projected", path, problem) {
      try $0.setAttribute("projection_size", of: layer, to: 7)
    }
  }

  private var otherConventions: [FixtureChange] {
    let weights = "\(reference)/layers/0/forward/weights"
    return ["pytorch", "keras", "onnx"].filter { $0 != convention }.map { other in
      let rule = WeightRule(cell: cell, gates: gates, convention: other)
      // A bias may be absent: the first that may not is missed.
      let (name, shape) = rule.weights(inputSize: 5).first { $0.name != "B" } ?? ("", [])
      return change(
        "called \(other)", "\(weights)/\(name)", "expected shape \(text(shape)), found nothing"
      ) { try $0.setAttribute("convention", of: reference, to: .string(other)) }
    }
  }

  /// A GRU that resets before the recurrent product has another bias in Keras, and is none of PyTorch's.
  private var resetBefore: [FixtureChange] {
    let layer = "\(reference)/layers/0"
    let weights = "\(layer)/forward/weights"
    switch (cell, convention) {
    case ("gru", "pytorch"):
      return [
        change(
          "reset_after false", "\(weights)/weight_hh",
          "expected reset_after true, as every PyTorch GRU is, found false"
        ) { try $0.setAttribute("reset_after", of: layer, to: .bool(false)) }
      ]
    case ("gru", "keras"):
      return [
        change(
          "reset_after false, with two biases", "\(weights)/bias",
          "expected shape (21), found shape (2, 21), which is what reset_after true has"
        ) { try $0.setAttribute("reset_after", of: layer, to: .bool(false)) },
        change(
          "reset_after absent, with one bias", "\(weights)/bias",
          "expected shape (2, 21), found shape (21), which is what reset_after false has"
        ) {
          try $0.setAttribute("reset_after", of: layer, to: nil)
          try $0.change("\(weights)/bias") { $0.reshape([21]) }
        },
      ]
    default: return []
    }
  }

  /// The weight whose shape holds the input's width.
  private var widthIsIn: String {
    switch convention {
    case "pytorch": "weight_ih"
    case "keras": "kernel"
    default: "W"
    }
  }

  private func inputShape(_ I: Int) -> [Int] {
    weights(inputSize: I).first { $0.name == widthIsIn }?.shape ?? []
  }

  private func text(_ shape: [Int]) -> String { "(" + shape.map(String.init).joined(separator: ", ") + ")" }
}
