import ParityFixtures
import RecurrentParity

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One file to judge, or a path that leads to none.
enum FixtureSource: Sendable {
  case file(String)
  case unavailable(FixtureError)

  func read() throws(FixtureError) -> ParityCase {
    switch self {
    case .file(let path):
      try CrashRecovery.check(path)
      return try ParityCase(contentsOf: path)
    case .unavailable(let error): throw error
    }
  }

  /// The files that the paths name, folders searched for `*.h5` in name order; without paths, the bundled
  /// fixtures.
  static func resolve(_ paths: [String]) throws -> [FixtureSource] {
    paths.isEmpty ? files(in: try BundledFixtures.folder()) : paths.flatMap(sources)
  }

  private static func sources(_ path: String) -> [FixtureSource] {
    var isFolder = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      let name = path.isEmpty ? "\"\"" : path
      return [.unavailable(FixtureError(file: name, path: "/", problem: "no such file or folder"))]
    }
    return isFolder ? files(in: path) : [.file(path)]
  }

  private static func files(in folder: String) -> [FixtureSource] {
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: folder) } catch {
      return [.unavailable(FixtureError(file: folder, path: "/", problem: "the folder cannot be read"))]
    }
    let fixtures = names.filter { $0.hasSuffix(".h5") }.sorted()
    guard !fixtures.isEmpty else {
      return [
        .unavailable(
          FixtureError(file: folder, path: "/", problem: "expected a folder with *.h5, found none"))
      ]
    }
    return fixtures.map { .file(folder.hasSuffix("/") ? folder + $0 : "\(folder)/\($0)") }
  }
}
