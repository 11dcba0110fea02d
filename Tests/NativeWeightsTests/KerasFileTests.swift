import HDF5
import Recurrent
import Testing

@testable import NativeWeights

@Suite struct KerasFileTests {
  /// A legacy file of one layer, H = 2 and I = 3, as `save_weights` of Keras 2 writes it.
  private func legacy(
    _ scratch: Scratch, layer: String = "lstm", gates: Int = 4, config: String? = nil,
    version: String = "2.12.0",
    split: Bool = false
  ) throws -> String {
    try scratch.hdf5 { root in
      let weights = config == nil ? root : try root.createGroup("model_weights")
      try root.setAttribute("keras_version", version)
      if let config { try root.setAttribute("model_config", config) }
      if split {
        // As a list that is too long for one attribute is written.
        try weights.setAttribute("layer_names0", ["input", "dropout"])
        try weights.setAttribute("layer_names1", [layer])
      } else {
        try weights.setAttribute("layer_names", ["input", "dropout", layer])
      }
      for empty in ["input", "dropout"] {
        try weights.createGroup(empty).setAttribute("weight_names", [] as [Double])
      }
      let group = try weights.createGroup(layer)
      let names = ["kernel", "recurrent_kernel", "bias"].map { "\(layer)/cell/\($0):0" }
      try group.setAttribute("weight_names", names)
      let shapes = [[3, 2 * gates], [2, 2 * gates], [2 * gates]]
      for (name, shape) in zip(names, shapes) {
        let tensor = TestTensor(name, shape, (0..<shape.reduce(1, *)).map { Double($0) / 64 })
        try group.write(name, tensor.values.map(Float.init), shape: shape)
      }
    }
  }

  private func config(
    _ className: String, name: String = "lstm", units: Int = 2, _ options: String = ""
  ) -> String {
    #"{"class_name":"Sequential","config":{"layers":[{"class_name":"Dropout","config":{"name":"dropout"}},"#
      + #"{"class_name":"\#(className)","config":{"name":"\#(name)","units":\#(units),"activation":"tanh","#
      + #""recurrent_activation":"hard_sigmoid","use_bias":true\#(options)}}]}}"#
  }

  @Test("A list of names is read whole, in one attribute or in several", arguments: [false, true])
  func splitNames(_ split: Bool) throws {
    let scratch = try Scratch()
    let file = try WeightFile(contentsOf: try legacy(scratch, split: split))
    #expect(file.format == .kerasLegacyWeights && file.source == "keras 2.12.0")
    #expect(file.layers.map(\.name) == ["lstm"] && file.layers[0].passes[0].said.kind == .lstm)
    #expect(file.unsaidOptions(of: file.layers[0]) == ["activation", "recurrentActivation", "direction"])
  }

  @Test("What a configuration says holds, by the version that wrote it", arguments: ["2.12.0", "3.15.1"])
  func described(_ version: String) throws {
    let scratch = try Scratch()
    let file = try WeightFile(
      contentsOf: try legacy(scratch, config: config("LSTM", #","go_backwards":true"#), version: version))
    let said = file.layers[0].passes[0].said
    #expect(said.activation == .tanh && said.direction == .backward)
    #expect(said.recurrentActivation == (version == "2.12.0" ? .hardSigmoidKeras2 : .hardSigmoid))
    #expect(try file.network(as: Float.self).layers[0].passes[0].direction == .backward)
  }

  @Test("A configuration that contradicts the weights is refused")
  func contradiction() throws {
    for (config, says) in [
      (config("LSTM", units: 3), "3 units"), (config("SimpleRNN"), "a rnn of 2 units"),
      (config("LSTM", #","use_bias":false"#.replacing(",\"use_bias\":false", with: "")), ""),
    ] {
      let scratch = try Scratch()
      let path = try legacy(scratch, config: config)
      guard !says.isEmpty else {
        #expect(try WeightFile(contentsOf: path).layers.count == 1)
        continue
      }
      let error = #expect(throws: WeightFileError.self) { try WeightFile(contentsOf: path) }
      #expect(error?.expected.contains(says) == true, "\(error as Any)")
    }
  }

  @Test("An activation that no formula here has is named, and no network is made")
  func unknownActivation() throws {
    let scratch = try Scratch()
    let config = config("LSTM").replacing("\"tanh\"", with: "\"gelu\"")
    let file = try WeightFile(contentsOf: try legacy(scratch, config: config))
    #expect(file.layers[0].otherOptions == ["activation gelu"])
    let error = #expect(throws: WeightFileError.self) { try file.network([.defaults()], as: Float.self) }
    #expect(error?.found == "activation gelu")
  }

  @Test(
    "A file that is damaged is refused in words",
    arguments: ["{", "[]", #"{"class_name":"Sequential","config":{"layers":[],"layers":[]}}"#])
  func damaged(_ config: String) throws {
    let scratch = try Scratch()
    let error = #expect(throws: WeightFileError.self) {
      try WeightFile(contentsOf: try legacy(scratch, config: config))
    }
    #expect(error?.path == "/@model_config")
  }

  @Test("A name without its group, and weights that were never written, are refused")
  func missing() throws {
    let scratch = try Scratch()
    let path = try scratch.hdf5 { try $0.setAttribute("layer_names", ["lstm"]) }
    let error = #expect(throws: WeightFileError.self) { try WeightFile(contentsOf: path) }
    #expect(error?.path == "/lstm" && error?.found == "nothing")
  }

  @Test("Keras 3's groups are read, halves of a Bidirectional as one layer, names where they are given")
  func variables() throws {
    let scratch = try Scratch()
    let path = try scratch.hdf5("a.weights.h5") { root in
      for half in ["forward_layer", "backward_layer"] {
        let variables = try root.createGroup("layers/bidirectional/\(half)/cell/vars")
        for (index, shape) in [[3, 6], [2, 6], [2, 6]].enumerated() {
          try variables.write(
            "\(index)", [Float](repeating: 0.5, count: shape.reduce(1, *)), shape: shape)
        }
      }
      try root.createGroup("layers/bidirectional/vars").setAttribute("name", "reader")
      try root.createGroup("layers/dense/vars").write("0", [Float](repeating: 1, count: 4), shape: [2, 2])
    }
    let file = try WeightFile(contentsOf: path)
    #expect(file.format == .kerasWeights && file.layers.map(\.name) == ["reader"])
    #expect(file.layers[0].passes.map(\.said.direction) == [.forward, .backward])
    #expect(file.layers[0].passes.map(\.said.resetAfter) == [true, true])
    #expect(file.others.map(\.name) == ["dense/0"])
  }
}
