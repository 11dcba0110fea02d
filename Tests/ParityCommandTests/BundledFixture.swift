import Foundation
import ReportContract
import Testing

/// A fixture that comes with the package.
struct BundledFixture {
  let name: String

  /// One layer, forward, tanh; T = 12, B = 3, I = 5, H = 7; keras and pytorch.
  static let simple = BundledFixture(name: "simplernn-tanh")
  /// One bidirectional layer.
  static let bidirectional = BundledFixture(name: "birnn-tanh")
  /// Three layers.
  static let stacked = BundledFixture(name: "stackedrnn-tanh")

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures").path

  var path: String { "\(Self.folder)/\(name).h5" }

  /// A file of weights that a framework wrote.
  static func weights(_ name: String) -> String { "\(folder)/weights/\(name)" }

  /// The folder of those that are meant to be flagged.
  static let departures = folder + "/departures"

  /// What the manifest has to say of each but those in `known-bugs`.
  static func manifest() throws -> [ManifestEntry] {
    let manifest = try String(contentsOfFile: folder + "/manifest.json", encoding: .utf8)
    let entries = try #require(JSONValue(manifest)["files"]).elements.compactMap {
      entry -> ManifestEntry? in
      let file = try #require(entry["file"]?.string)
      guard !file.hasPrefix("known-bugs/") else { return nil }
      return try ManifestEntry(
        name: #require(entry["case"]?.string), verdict: #require(entry["expect"]?["verdict"]?.string),
        isDeparture: file.hasPrefix("departures/"),
        references: entry["generator"]?["references"]?.elements.compactMap(\.string))
    }
    try #require(!entries.isEmpty)
    return entries
  }
}

struct ManifestEntry {
  let name: String
  let verdict: String
  let isDeparture: Bool
  /// Where the generator's arguments name them.
  let references: [String]?
}
