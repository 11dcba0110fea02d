import RecurrentConventions
import RecurrentParity

/// A line of code that mends a mistake, and in which framework.
public struct Mending: Codable, Equatable, Sendable {
  public var framework: String
  public var text: String

  var line: String { "\(framework): \(text)" }
}

extension Sides {
  /// The lines that mend a finding on the side that departs, or on the run's, each once; none where no guide has any.
  func mending(_ name: String) -> [Mending] {
    var lines: [Mending] = []
    for name in name.split(separator: "+").map(String.init) {
      for line in ownLine(name).map({ [$0] }) ?? guideLines(name) where !lines.contains(line) {
        lines.append(line)
      }
    }
    return lines
  }

  /// What these two sides make of it, rather than any.
  private func ownLine(_ name: String) -> Mending? {
    guard let mistake = Mistake(named: name) else { return nil }
    if let order = GateOrderWords.Block(mistake) { return reorderingLine(order) }
    return activationLine(mistake)
  }

  private func guideLines(_ name: String) -> [Mending] {
    let titles = (departing ?? run).frameworkTitles
    return (MistakeGuide.named(name)?.mending ?? []).filter {
      $0.framework == "all" || titles.contains($0.framework)
    }
    .map { Mending(framework: $0.framework, text: $0.text) }
  }
}

extension Sides.Side {
  /// Under what a guide may list how to mend it here.
  private var knownTitles: [String] {
    let known: [(part: String, titles: [String])] = [
      ("torch", ["PyTorch"]), ("keras", ["Keras", "TensorFlow"]),
      ("tensorflow", ["Keras", "TensorFlow", "TensorFlow 1"]), ("onnx", ["ONNX"]), ("tract", ["ONNX"]),
      ("flax", ["Flax", "JAX"]), ("jax", ["Flax", "JAX"]), ("mlx", ["MLX"]), ("swift", ["Swift"]),
      ("deeplearning4j", ["DL4J"]), ("dl4j", ["DL4J"]),
    ]
    let lowercased = framework.lowercased()
    let titles = known.filter { lowercased.contains($0.part) }.flatMap(\.titles)
    return titles.isEmpty && lowercased.contains(convention.rawValue) ? [convention.title] : titles
  }

  /// Whether it is nobody's framework, but somebody's own code in the layout of a convention.
  var isOwnCode: Bool { knownTitles.isEmpty }

  fileprivate var frameworkTitles: [String] {
    isOwnCode ? ["own code", convention.title] : knownTitles
  }
}
