import FixtureEditing
import HDF5

private let layer = "/references/pytorch/layers/1"
private let pass = "/references/pytorch/layers/1/backward"

extension FixtureChange {
  static let options = ofOtherCells + parameters + json + peepholes

  private static func option(
    _ name: String, _ value: AttributeValue, in original: String = rich, _ problem: String
  ) -> FixtureChange {
    second("\(name) \(value) of \(original)", layer, "attribute \(name): \(problem)", in: original) {
      try $0.setAttribute(name, of: layer, to: value)
    }
  }

  private static let ofOtherCells: [FixtureChange] =
    [0, -1, -0.5].map { (clip: Double) in
      option("clip", .double(clip), "expected a number above 0, found \(clip)")
    }
    + [("stackedrnn-tanh", "rnn"), ("stackedgru", "gru")].flatMap { original, cell in
      [
        option(
          "input_forget", .bool(true), in: original, "expected false for cell \"\(cell)\", found true"),
        option(
          "output_activation", "relu", in: original,
          "expected nothing for cell \"\(cell)\", found \"relu\""),
      ]
    }

  private static let parameters: [FixtureChange] = ["", "recurrent_", "output_"].flatMap { prefix in
    ["alpha", "beta"].map { name in
      second(
        "\(prefix)\(name) without an activation", layer,
        "attribute \(prefix)\(name): expected \(prefix)activation beside it, found 1.0 alone"
      ) {
        try $0.setAttribute("\(prefix)\(name)", of: layer, to: 1)
        $0.groups[layer]?["\(prefix)activation"] = nil
      }
    } + [
      parameter(prefix, "elu", ["alpha": -1], "alpha", "a finite number, 0 or more, found -1.0"),
      parameter(prefix, "leaky_relu", ["alpha": -0.01], "alpha", "a finite number, 0 or more, found -0.01"),
      parameter(prefix, "tanh", ["alpha": 1], "alpha", "nothing: \"tanh\" has no alpha, found 1.0"),
      parameter(prefix, "selu", ["alpha": 1], "alpha", "nothing: \"selu\" has no alpha, found 1.0"),
      parameter(prefix, "elu", ["beta": 1], "beta", "nothing: \"elu\" has no beta, found 1.0"),
      parameter(prefix, "hard_sigmoid", ["alpha": 1], "beta", "both alpha and beta, found alpha alone"),
      parameter(prefix, "hard_sigmoid", ["beta": 1], "alpha", "both alpha and beta, found beta alone"),
    ]
  }

  private static func parameter(
    _ prefix: String, _ name: String, _ values: [String: Double], _ wrong: String, _ problem: String
  ) -> FixtureChange {
    second(
      "\(prefix)\(name) with \(values)", pass, "attribute \(prefix)\(wrong): expected \(problem)"
    ) {
      try $0.setAttribute("\(prefix)activation", of: pass, to: .string(name))
      for (name, value) in values { try $0.setAttribute(prefix + name, of: pass, to: .double(value)) }
    }
  }

  /// What is no JSON, or JSON of something else.
  private static let json: [FixtureChange] =
    ["zoneout 0.1", "[0.1]", "3", "{\"zoneout\": }", ""].map {
      option("other_options", .string($0), "expected JSON as the format describes it, found \"\($0)\"")
    }
    + [
      "single", "{}", #"{"kind": "twice", "count": 1, "sizes": []}"#, #"{"kind": "single", "count": 1}"#,
      #"{"kind": "single", "count": "1", "sizes": []}"#,
    ].map {
      option("calls", .string($0), "expected JSON as the format describes it, found \"\($0)\"")
    }
    + [
      second(
        "requires of integers", "/@requires",
        "cannot read attribute: expected a string attribute, found int64"
      ) { try $0.setAttribute("requires", of: "/", to: .ints([1])) }
    ]

  private static let peepholes: [FixtureChange] =
    [[20], [3, 7], [22], [1, 21]].map { shape in
      let path = "/references/onnxruntime/layers/1/backward/weights/P"
      let found = shape.map(String.init).joined(separator: ", ")
      return second(
        "P of shape \(shape)", path, "expected shape (21), found shape (\(found))", in: "stackedbilstm-onnx"
      ) {
        $0.datasets[path] = DatasetValue([Double](repeating: 0.1, count: shape.reduce(1, *)), shape: shape)
      }
    }
    + ["pytorch", "keras"].map { name in
      let weights = "/references/\(name)/layers/0/forward/weights"
      let known =
        name == "keras" ? "kernel, recurrent_kernel, bias" : "weight_ih, weight_hh, bias_ih, bias_hh"
      return second(
        "P of \(name)", "\(weights)/P",
        "expected only \(known), found a weight that this cell does not read", in: "stackedbilstm-onnx"
      ) { $0.datasets["\(weights)/P"] = DatasetValue([Double](repeating: 0.1, count: 21), shape: [21]) }
    }
}
