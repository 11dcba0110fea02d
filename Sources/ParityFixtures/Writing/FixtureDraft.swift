import HDF5
import RecurrentParity

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file beside its place, which takes it once it is complete: what was there before stays whole until then.
struct FixtureDraft {
  /// Where the file will be, as the caller named it.
  let file: String
  /// Where that is, once links are followed.
  private let target: SystemPath
  private let draft: SystemPath
  /// Of the file that is replaced.
  private let mode: mode_t?

  init(for file: String) throws(FixtureError) {
    self.file = file
    let path = SystemPath(file)
    var info = stat()
    if path.withCString({ stat($0, &info) }) == 0 {
      guard info.st_mode & S_IFMT == S_IFREG else {
        throw FixtureError(
          file: file, path: "/", problem: "cannot write file: not a regular file")
      }
      guard path.withCString({ access($0, W_OK) }) == 0, let real = path.withCString({ realpath($0, nil) })
      else { throw Self.error(file) }
      defer { free(real) }
      target = SystemPath(bytes: UnsafeRawBufferPointer(start: real, count: strlen(real)))
      mode = info.st_mode & 0o777
    } else {
      target = path
      mode = nil
    }
    let number = String(UInt32.random(in: 0 ... .max), radix: 36)
    draft = SystemPath(bytes: target.bytes + ".\(getpid()).\(number).part".utf8)
  }

  /// Writes the file by `write` and puts it in its place; nothing stays behind where that fails.
  func complete(_ write: (File) throws(FixtureError) -> Void) throws(FixtureError) {
    var isComplete = false
    defer { if !isComplete { _ = draft.withCString { unlink($0) } } }
    let open: File
    do { open = try File(creating: draft) } catch {
      throw FixtureError(file: file, path: "/", problem: "cannot \(error.operation): \(error.reason)")
    }
    do throws(FixtureError) { try write(open) } catch {
      // The first failure is the one to tell of.
      try? open.close()
      throw error
    }
    do { try open.close() } catch { throw FixtureError(error, file: file) }
    if let mode, draft.withCString({ chmod($0, mode) }) != 0 { throw Self.error(file) }
    guard draft.withCString({ draft in target.withCString { rename(draft, $0) } }) == 0 else {
      throw Self.error(file)
    }
    isComplete = true
  }

  /// What the operating system has against the file.
  private static func error(_ file: String) -> FixtureError {
    FixtureError(file: file, path: "/", problem: "cannot write file: \(String(cString: strerror(errno)))")
  }
}
