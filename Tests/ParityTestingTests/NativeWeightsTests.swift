import FixtureManifest
import HDF5
import ParityFixtures
import Testing

@testable import ParityTesting

/// What an implementation is given is what the framework stored: names, shapes and every value.
@Suite struct NativeWeightsTests {
  @Test("The weights are those of the file, of every convention and cell", arguments: try honest())
  func weights(_ path: String) throws {
    let parityCase = try ParityCase(contentsOf: path)
    for reference in parityCase.references {
      let given = GivenReference<Double>(reference, in: parityCase)
      for (index, layer) in reference.layers.enumerated() {
        for number in layer.passes.indices {
          let cell = try given.cell(layer: index, pass: number)
          let stored = try weights(
            at: "references/\(reference.name)/layers/\(index)/\(cell.direction.rawValue)", inFileAt: path)
          // Those of another layer are stored there.
          guard !stored.isEmpty else { continue }
          #expect(cell.weights.names == stored.keys.sorted())
          for (name, weight) in stored { #expect(try cell.weights[name] == weight, "\(index): \(name)") }
        }
      }
    }
  }

  private func weights(at direction: String, inFileAt path: String) throws -> [String: ParityTensor<Double>] {
    try Library.shared.session { () throws(HDF5Error) in
      let group = try File(reading: SystemPath(path)).root.group(direction)
      guard try group.contains("weights") else { return [:] }
      return try tensors(in: try group.group("weights"), prefix: "")
    }
  }

  /// Flax has a group for every gate.
  private func tensors(
    in group: Group, prefix: String
  ) throws(HDF5Error) -> [String: ParityTensor<Double>] {
    var found: [String: ParityTensor<Double>] = [:]
    for name in try group.names() {
      if let dataset = try? group.dataset(name) {
        found[prefix + name] = ParityTensor(shape: dataset.shape, values: try dataset.read(as: Double.self))
      } else {
        found.merge(try tensors(in: try group.group(name), prefix: "\(name)/")) { $1 }
      }
    }
    return found
  }

  private static func honest() throws -> [String] {
    try Manifest.bundled().files.filter { $0.expect.verdict == "match" && $0.bytes < 100_000 }.map(\.path)
  }
}
