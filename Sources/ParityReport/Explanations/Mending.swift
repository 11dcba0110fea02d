import RecurrentConventions

/// A line of code that mends a mistake, and in which framework.
public struct Mending: Codable, Equatable, Sendable {
  public var framework: String
  public var text: String

  var line: String { "\(framework): \(text)" }
}

extension MistakeGuide {
  /// The lines that mend a finding in the frameworks of some references, each once; none where no guide has any.
  static func mending(_ name: String, in sides: [Sides.Side]) -> [Mending] {
    let titles = sides.flatMap(\.frameworkTitles)
    var lines: [Mending] = []
    for (framework, text) in guides(to: name).flatMap(\.mending) where framework == "all" || titles.contains(framework) {
      let line = Mending(framework: framework, text: text)
      if !lines.contains(line) { lines.append(line) }
    }
    return lines
  }
}

extension Sides.Side {
  /// Under what a guide may list how to mend it here.
  fileprivate var frameworkTitles: [String] {
    let known: [(part: String, titles: [String])] = [
      ("torch", ["PyTorch"]), ("keras", ["Keras", "TensorFlow"]),
      ("tensorflow", ["Keras", "TensorFlow", "TensorFlow 1"]), ("onnx", ["ONNX"]), ("tract", ["ONNX"]),
      ("flax", ["Flax", "JAX"]), ("jax", ["Flax", "JAX"]), ("mlx", ["MLX"]), ("swift", ["Swift"]),
      ("deeplearning4j", ["DL4J"]), ("dl4j", ["DL4J"]),
    ]
    let lowercased = framework.lowercased()
    let titles = known.filter { lowercased.contains($0.part) }.flatMap(\.titles)
    // What is nobody's framework is somebody's own code, in the layout of a convention.
    return titles.isEmpty ? ["own code", convention.title] : titles
  }
}
