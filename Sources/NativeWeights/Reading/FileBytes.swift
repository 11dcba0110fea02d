import HDF5

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A regular file that is open for reading, from which ranges of bytes are read.
final class FileBytes: Sendable {
  let name: String
  /// The size that it had when it was opened.
  let count: Int
  private let descriptor: Int32

  init(_ path: SystemPath) throws(WeightFileError) {
    name = path.description
    descriptor = path.withCString { open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
    guard descriptor >= 0 else {
      count = 0
      throw WeightFileError(
        file: name, path: "/", expected: "a file that can be read", found: String(cString: strerror(errno)))
    }
    var info = stat()
    guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
      count = 0
      throw WeightFileError(file: name, path: "/", expected: "a regular file", found: "something else")
    }
    count = Int(info.st_size)
  }

  deinit { if descriptor >= 0 { _ = close(descriptor) } }

  /// Throws where the file does not hold them.
  func bytes(_ range: Range<Int>, of path: String) throws(WeightFileError) -> [UInt8] {
    guard range.lowerBound >= 0, range.upperBound <= count else {
      throw WeightFileError(
        file: name, path: path, expected: "bytes \(range.lowerBound) to \(range.upperBound)",
        found: "a file of \(count) bytes")
    }
    var done = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, initialized in
      while done < range.count, let base = buffer.baseAddress {
        let read = pread(descriptor, base + done, range.count - done, off_t(range.lowerBound + done))
        if read < 0, errno == EINTR { continue }
        guard read > 0 else { break }
        done += read
      }
      initialized = done
    }
    guard done == range.count else {
      throw WeightFileError(
        file: name, path: path, expected: "\(range.count) bytes from byte \(range.lowerBound)",
        found: "\(done)")
    }
    return bytes
  }
}
