import Recurrent
import RecurrentConventions
import RecurrentParity

/// Reads one reference of a case.
struct ReferenceReader {
  /// Nil where each layer has an input of its own.
  let common: CommonInput?

  func reference(_ name: String, in node: FixtureNode) throws(FixtureError) -> Reference {
    let framework = try node.string("framework")
    let version = try node.string("framework_version")
    let convention = try node.choice("convention", of: Convention.allCases)
    let environment = try node.optionalString("environment")
    try node.expectOnly(.reference, objects: ["layers"])
    let declared = try DeclaredArithmetic(node, default: .none)
    let group = try node.child("layers")
    var layers: [RecordedLayer] = []
    for index in 0..<(try layerCount(group)) {
      let reader = LayerReader(
        common: common, below: layers, group: group, convention: convention, declared: declared)
      layers.append(try reader.layer(try group.child(String(index)), number: index))
    }
    guard layers.contains(where: \.hasEvidence) else {
      throw group.error(
        expected: "recorded states, outputs or final states in some layer",
        found: "none: there is no evidence")
    }
    return Reference(
      name: name, framework: framework, frameworkVersion: version, convention: convention,
      environment: environment, layers: layers,
      model: try node.optionalChild("model").map { node throws(FixtureError) in
        try ModelReader(layers: layers).model(node)
      }, object: RecordedObject())
  }

  /// Layers are numbered 0, 1, 2 … without a gap.
  private func layerCount(_ group: FixtureNode) throws(FixtureError) -> Int {
    let names = try group.names().filter { Int($0) != nil }
    try group.expectOnly(objects: names)
    // Ignoring "01" or "+1" would judge another network.
    if let name = names.first(where: { Int($0).map(String.init) != $0 || $0.hasPrefix("-") }) {
      throw group.error(
        "\(group.path)/\(name)", expected: "layers numbered 0, 1, 2 …", found: "\"\(name)\"")
    }
    let numbers = Set(names.compactMap { Int($0) })
    guard !numbers.isEmpty else { throw group.error(expected: "a layer 0", found: "no layer") }
    if let gap = (0..<numbers.count).first(where: { !numbers.contains($0) }) {
      throw group.error(
        "\(group.path)/\(gap)", expected: "layers numbered 0 to \(numbers.count - 1)", found: "no such layer")
    }
    return numbers.count
  }
}
