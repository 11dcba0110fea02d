import BundledCases
import FixtureEditing
import FixtureManifest
import Foundation
import HDF5
import ParityReport
import Testing

@testable import ParityFixtures
@testable import RecurrentParity

/// What is written reads back as it was.
@Suite struct RoundTripTests {
  @Test(
    "Every bundled fixture is written as an equal case, which is judged the same to the last digit",
    arguments: try Manifest.bundled().files)
  func bundled(_ entry: Manifest.Entry) throws {
    let original = try entry.load()
    let folder = try ScratchFolder()
    let path = folder.path("copy.h5")
    try original.write(to: path)
    var copy = try ParityCase(contentsOf: path)
    #expect(original.differences(from: copy) == [])
    copy.file = original.file
    #expect(try original.report().json() == copy.report().json())
  }

  @Test(
    "Every attribute and dataset is written again, but for what another one says",
    arguments: try Manifest.bundled().files)
  func tree(_ entry: Manifest.Entry) throws {
    let original = try FixtureTree(contentsOf: entry.path)
    let folder = try ScratchFolder()
    let path = folder.path("copy.h5")
    try entry.load().write(to: path)
    let copy = try FixtureTree(contentsOf: path)
    for (group, attributes) in original.groups {
      for (name, value) in attributes where !Self.mayDiffer(name) {
        // A layer's activation may be said of each of its directions.
        let places = copy.groups[group]?[name] == nil ? ["\(group)/forward", "\(group)/backward"] : [group]
        let written = places.compactMap { copy.groups[$0]?[name] }
        #expect(
          written.contains(where: { Self.isEqual($0, value) })
            || written.isEmpty && Self.isDefault(name, value),
          "\(group)@\(name): \(value), written \(written)")
      }
    }
    for (name, dataset) in original.datasets {
      guard let written = copy.datasets[name] else {
        // What the output or the first layer's own input says is not written twice.
        #expect(
          name == "/input" && copy.datasets.values.contains { $0.numbers == dataset.numbers }
            || name.hasSuffix("/h") && !name.contains("_state/"), "\(name) is not written")
        continue
      }
      #expect(written.shape == dataset.shape, "\(name)")
      #expect(
        written.numbers.map(\.bitPattern) == dataset.numbers.map(\.bitPattern)
          || zip(written.numbers, dataset.numbers).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN },
        "\(name)")
    }
  }

  /// The copy is of version 2, and says of a layer what the original may say of the reference.
  private static func mayDiffer(_ name: String) -> Bool {
    ["format_version", "requires", "weights_of", "precision", "decimals"].contains(name)
  }

  private static func isDefault(_ name: String, _ value: AttributeValue) -> Bool {
    let defaults: [String: AttributeValue] = [
      "projection_size": 0, "merge_mode": "concat", "empty_final": "initial",
    ]
    // Cells of other kinds have neither.
    return defaults[name] == value || name == "recurrent_activation" || name == "reset_after"
  }

  /// JSON may be spaced otherwise.
  private static func isEqual(_ a: AttributeValue, _ b: AttributeValue) -> Bool {
    guard case .string(let a) = a, case .string(let b) = b, a != b else { return a == b }
    func object(_ text: String) -> NSObject? {
      try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSObject
    }
    return object(a) != nil && object(a) == object(b)
  }
}
