#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Where the fixtures that come with the package lie.
enum BundledFixtures {
  /// `$PARITY_FIXTURES`; else `share/rnn-parity/Fixtures` beside the installed executable's folder; else the
  /// checkout that the executable was built in.
  static func folder() throws -> String {
    if let chosen = ProcessInfo.processInfo.environment["PARITY_FIXTURES"], !chosen.isEmpty {
      var isFolder = false
      guard FileManager.default.fileExists(atPath: chosen, isDirectory: &isFolder), isFolder else {
        throw InputFailure("no bundled fixtures: $PARITY_FIXTURES is \(chosen), which is no folder")
      }
      return chosen
    }
    let executable = executableFolder()
    let installed = executable.deletingLastPathComponent().appendingPathComponent("share/rnn-parity/Fixtures")
    if isFixtureFolder(installed) { return installed.path }
    var folder = executable
    while folder.path != "/" {
      let candidate = folder.appendingPathComponent("Fixtures")
      if isFixtureFolder(candidate) { return relativeToWorkingFolder(candidate.path) }
      folder.deleteLastPathComponent()
    }
    throw InputFailure(
      "no bundled fixtures: looked in $PARITY_FIXTURES (not set), \(installed.path), and for Fixtures/ in "
        + "every folder above \(executable.path); name a fixture or a folder instead")
  }

  private static func isFixtureFolder(_ url: URL) -> Bool {
    FileManager.default.fileExists(atPath: url.appendingPathComponent("manifest.json").path)
  }

  private static func executableFolder() -> URL {
    URL(fileURLWithPath: Executable.path).resolvingSymlinksInPath().deletingLastPathComponent()
  }

  /// A path under the working folder, as a person would name it.
  private static func relativeToWorkingFolder(_ path: String) -> String {
    let working = FileManager.default.currentDirectoryPath + "/"
    return path.hasPrefix(working) ? String(path.dropFirst(working.count)) : path
  }
}
