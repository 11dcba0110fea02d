#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that nobody else can open, and that is gone with the last reference to it. Where a call fails, `errno` says why.
package final class TemporaryFile: Sendable {
  private let descriptor: Int32

  /// In `$TMPDIR`, or `/tmp`; nil where none can be made there.
  package init?() {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var name = Array("\(folder)/parity-XXXXXX".utf8CString)
    descriptor = mkstemp(&name)
    guard descriptor >= 0 else { return nil }
    // No process that is started inherits it.
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    _ = unlink(name)
  }

  deinit {
    if descriptor >= 0 { _ = close(descriptor) }
  }

  /// Writes all of the bytes; false where that fails.
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
    var done = 0
    while done < bytes.count {
      let count = pwrite(
        descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset + done))
      if count > 0 { done += count } else if count == 0 || errno != EINTR { return false }
    }
    return true
  }

  /// Reads until the buffer is full or the file ends.
  ///
  /// - Returns: how many bytes were read; nil where that fails.
  package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int? {
    var done = 0
    while done < buffer.count {
      let count = pread(
        descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done, off_t(offset + done))
      if count == 0 { break }
      if count > 0 { done += count } else if errno != EINTR { return nil }
    }
    return done
  }
}
