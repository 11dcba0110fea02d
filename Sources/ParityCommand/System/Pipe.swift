#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An open file, pipe or the like, closed when the last reference to it goes.
final class Descriptor: Sendable {
  let number: Int32

  init(_ number: Int32) { self.number = number }

  deinit { _ = close(number) }

  /// Some bytes more, at most as many as a pipe holds; [] at the end.
  func read(into buffer: inout [UInt8]) throws(OutputError) -> ArraySlice<UInt8> {
    while true {
      let count = buffer.withUnsafeMutableBytes { systemRead(number, $0) }
      if count >= 0 { return buffer[..<count] }
      guard errno == EINTR else { throw OutputError() }
    }
  }

  /// Writes all of the bytes, in as many pieces as it takes.
  func write(_ bytes: [UInt8]) throws(OutputError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        systemWrite(number, UnsafeRawBufferPointer(rebasing: $0[written...]))
      }
      if count >= 0 { written += count } else if errno != EINTR { throw OutputError() }
    }
  }
}

/// Two ends, neither of which a process that is started inherits by itself.
struct Pipe {
  let readEnd: Descriptor
  let writeEnd: Descriptor

  init() throws(OutputError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw OutputError() }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (readEnd, writeEnd) = (Descriptor(ends[0]), Descriptor(ends[1]))
  }
}

private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawBufferPointer) -> Int {
  read(descriptor, bytes.baseAddress, bytes.count)
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  write(descriptor, bytes.baseAddress, bytes.count)
}
