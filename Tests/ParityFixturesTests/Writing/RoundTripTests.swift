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
    "Every attribute and dataset of a fixture of version 2 is written again, but for shared weights",
    arguments: try Manifest.bundled().files)
  func tree(_ entry: Manifest.Entry) throws {
    let original = try FixtureTree(contentsOf: entry.path)
    let isSecond = original.groups["/"]?["format_version"] == 2
    let folder = try ScratchFolder()
    let path = folder.path("copy.h5")
    try entry.load().write(to: path)
    let copy = try FixtureTree(contentsOf: path)
    for (group, attributes) in original.groups {
      for (name, value) in attributes where !Self.mayDiffer(name, isSecond) {
        let written = copy.groups[group]?[name]
        #expect(
          written == value || written == nil && Self.isDefault(name, value),
          "\(group)@\(name): \(value), written \(written.map { "\($0)" } ?? "not at all")")
      }
    }
    for (name, dataset) in original.datasets {
      guard let written = copy.datasets[name] else {
        // It is what the output says.
        #expect(name.hasSuffix("/h") && !name.contains("_state/"), "\(name) is not written")
        continue
      }
      #expect(written.shape == dataset.shape, "\(name)")
      #expect(
        written.numbers.map(\.bitPattern) == dataset.numbers.map(\.bitPattern)
          || zip(written.numbers, dataset.numbers).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN },
        "\(name)")
    }
  }

  private static func mayDiffer(_ name: String, _ isSecond: Bool) -> Bool {
    // The copy is of version 2, and may say of a layer what the original says of the reference.
    ["format_version", "requires", "weights_of"].contains(name) || name == "precision" || name == "decimals"
      || !isSecond && name == "module"
  }

  private static func isDefault(_ name: String, _ value: AttributeValue) -> Bool {
    let defaults: [String: AttributeValue] = [
      "projection_size": 0, "merge_mode": "concat", "empty_final": "initial", "left_out": "[]",
      "unused": "[]", "repeated": "[]",
    ]
    return defaults[name] == value || name == "recurrent_activation" || name == "reset_after"
  }
}
