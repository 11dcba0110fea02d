import HDF5
import RecurrentParity

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// One file to judge, or a path that leads to none.
enum FixtureSource: Sendable {
  case file(SystemPath)
  case unavailable(FixtureError)

  /// Nil where there is nothing to open.
  var path: SystemPath? {
    if case .file(let path) = self { return path }
    return nil
  }

  var error: FixtureError? {
    if case .unavailable(let error) = self { return error }
    return nil
  }

  /// The files that the paths name, folders searched for `*.h5` in name order; without paths, the bundled
  /// fixtures.
  static func resolve(_ paths: [SystemPath]) throws -> [FixtureSource] {
    paths.isEmpty ? files(in: SystemPath(try BundledFixtures.folder())) : paths.flatMap(sources)
  }

  private static func sources(_ path: SystemPath) -> [FixtureSource] {
    var info = stat()
    guard path.withCString({ stat($0, &info) }) == 0 else {
      let name = path.bytes.isEmpty ? "\"\"" : path.description
      return [.unavailable(FixtureError(file: name, path: "/", problem: "no such file or folder"))]
    }
    return info.st_mode & S_IFMT == S_IFDIR ? files(in: path) : [.file(path)]
  }

  private static func files(in folder: SystemPath) -> [FixtureSource] {
    guard let names = names(in: folder) else {
      return [
        .unavailable(
          FixtureError(file: folder.description, path: "/", problem: "the folder cannot be read"))
      ]
    }
    let fixtures = names.filter { $0.bytes.suffix(3).elementsEqual(".h5".utf8) }
      .sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    guard !fixtures.isEmpty else {
      return [
        .unavailable(
          FixtureError(
            file: folder.description, path: "/", problem: "expected a folder with *.h5, found none"))
      ]
    }
    return fixtures.map { .file(folder.appending($0)) }
  }

  /// Nil where the folder cannot be read.
  private static func names(in folder: SystemPath) -> [SystemPath]? {
    guard let stream = folder.withCString({ opendir($0) }) else { return nil }
    defer { closedir(stream) }
    var names: [SystemPath] = []
    while let entry = readdir(stream) {
      // The name may be longer than the field is declared.
      guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return nil }
      let name = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
      names.append(SystemPath(cString: name))
    }
    return names
  }
}
