import Foundation

/// A changed copy of a fixture in a folder of its own, which goes when the copy does.
public final class FixtureCopy: Sendable {
  public let path: String
  private let folder: URL

  public init(_ tree: FixtureTree, name: String = "fixture.h5") throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "fixture-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.appending(path: name).path
    try tree.write(to: path)
  }

  /// A copy of the fixture at `path` with a change.
  public convenience init(of path: String, changing change: (inout FixtureTree) throws -> Void) throws {
    try self.init(try FixtureTree(contentsOf: path), changing: change)
  }

  /// A copy of a fixture with a change.
  public convenience init(_ tree: FixtureTree, changing change: (inout FixtureTree) throws -> Void) throws {
    var tree = tree
    try change(&tree)
    try self.init(tree)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }
}
