import FixtureEditing
import Foundation
import Testing

/// A folder of its own for a test, which is removed when the test is over.
final class Scratch: Sendable {
  let folder: String

  init() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "parity-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    // As the operating system calls it, which on some is not the name that it was made by.
    self.folder = folder.resolvingSymlinksInPath().path
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// A new file to write into.
  func file(_ name: String) throws -> FileHandle {
    try Data().write(to: URL(fileURLWithPath: path(name)))
    return try FileHandle(forWritingTo: URL(fileURLWithPath: path(name)))
  }

  @discardableResult
  func write(_ name: String, _ bytes: Data = Data()) throws -> String {
    try bytes.write(to: URL(fileURLWithPath: path(name)))
    return path(name)
  }

  func text(_ name: String) throws -> String {
    try String(contentsOf: URL(fileURLWithPath: path(name)), encoding: .utf8)
  }

  @discardableResult
  func makeFolder(_ name: String) throws -> String {
    try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true)
    return path(name)
  }

  /// A bundled fixture under another name.
  @discardableResult
  func copy(_ fixture: BundledFixture = .simple, as name: String) throws -> String {
    try FileManager.default.copyItem(atPath: fixture.path, toPath: path(name))
    return path(name)
  }

  /// A bundled fixture under another name, changed.
  @discardableResult
  func changed(
    _ fixture: BundledFixture = .simple, as name: String, _ change: (inout FixtureTree) throws -> Void
  ) throws -> String {
    var tree = try FixtureTree(contentsOf: fixture.path)
    try change(&tree)
    try tree.write(to: path(name))
    return path(name)
  }

  func names(in folder: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(folder)).sorted()
  }

  /// What changes when a file is written to.
  func stamp(_ name: String) throws -> [String] {
    let attributes = try FileManager.default.attributesOfItem(atPath: path(name))
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path(name)))
    return [
      "\(attributes[.modificationDate] ?? "")", "\(attributes[.systemFileNumber] ?? "")",
      "\(bytes.hashValue)",
    ]
  }

  /// A socket, left behind by who listened at it.
  func listen(_ name: String) throws {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = Array(path(name).utf8)
    try #require(path.count < MemoryLayout.size(ofValue: address.sun_path))
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
    #if canImport(Darwin)
      let descriptor = socket(AF_UNIX, SOCK_STREAM, 0)
    #else
      let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    #endif
    defer { close(descriptor) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
    }
    try #require(status == 0)
  }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: path(name), withDestinationPath: target)
  }
}
