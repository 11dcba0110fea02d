import HDF5

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What the operating system has against an output.
struct OutputError: Error, CustomStringConvertible {
  let code: Int32

  init(_ code: Int32 = errno) { self.code = code }

  var description: String { String(cString: strerror(code)) }
}

/// A place for a report in the file system.
struct OutputFile {
  let path: SystemPath

  /// Writes the texts, one after the other. A file is replaced as a whole or stays as it is, and a link to it stays a link; what is
  /// no regular file, such as a pipe, is written into.
  func write(_ texts: [StoredText]) throws(OutputError) {
    var info = stat()
    guard path.withCString({ stat($0, &info) }) == 0 else {
      return try replace(try leadsTo(), texts, mode: nil)
    }
    guard info.st_mode & S_IFMT == S_IFREG else { return try write(texts, opening: O_WRONLY) }
    guard path.withCString({ access($0, W_OK) }) == 0,
      let target = path.withCString({ realpath($0, nil) })
    else { throw OutputError() }
    defer { free(target) }
    try replace(SystemPath(cString: target), texts, mode: info.st_mode & 0o777)
  }

  /// Where links lead from here, be there something or not.
  private func leadsTo() throws(OutputError) -> SystemPath {
    var place = path
    // As many as Linux follows.
    for _ in 0..<40 {
      var info = stat()
      guard place.withCString({ lstat($0, &info) }) == 0, info.st_mode & S_IFMT == S_IFLNK else {
        return place
      }
      var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
      let count = place.withCString { path in
        bytes.withUnsafeMutableBytes { systemReadLink(path, $0) }
      }
      guard count >= 0 else { throw OutputError() }
      let target = bytes.prefix(count)
      let folder = place.bytes.prefix(through: (place.bytes.lastIndex(of: UInt8(ascii: "/")) ?? -1))
      place = SystemPath(bytes: (target.first == UInt8(ascii: "/") ? [] : Array(folder)) + target)
    }
    throw OutputError(ELOOP)
  }

  /// Writes the texts behind what the file holds, which is made where there is none.
  func append(_ texts: [StoredText]) throws(OutputError) {
    try write(texts, opening: O_WRONLY | O_CREAT | O_APPEND)
  }

  private func write(_ texts: [StoredText], opening flags: Int32) throws(OutputError) {
    let descriptor = path.withCString { open($0, flags | O_CLOEXEC, 0o666) }
    guard descriptor >= 0 else { throw OutputError() }
    defer { _ = close(descriptor) }
    try Self.write(texts, to: descriptor)
  }

  /// Writes a new file beside the place, and puts it there when it is complete.
  private func replace(_ target: SystemPath, _ texts: [StoredText], mode: mode_t?) throws(OutputError) {
    let draft = SystemPath(bytes: target.bytes + ".\(getpid()).part".utf8)
    let descriptor = draft.withCString { open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
    guard descriptor >= 0 else { throw OutputError() }
    var isComplete = false
    defer { if !isComplete { _ = draft.withCString { unlink($0) } } }
    try fill(descriptor, texts, mode: mode)
    if Interruption.pending != nil { throw OutputError(EINTR) }
    guard draft.withCString({ draft in target.withCString { rename(draft, $0) } }) == 0 else {
      throw OutputError()
    }
    isComplete = true
  }

  private func fill(_ descriptor: Int32, _ texts: [StoredText], mode: mode_t?) throws(OutputError) {
    defer { _ = close(descriptor) }
    if let mode, fchmod(descriptor, mode) != 0 { throw OutputError() }
    try Self.write(texts, to: descriptor)
  }

  /// Writes all of the texts, in as many pieces as it takes, unless the run is interrupted meanwhile.
  static func write(_ texts: [StoredText], to descriptor: Int32) throws(OutputError) {
    for text in texts {
      try text.forEach { (bytes) throws(OutputError) in
        var rest = bytes[...]
        while !rest.isEmpty {
          if Interruption.pending != nil { throw OutputError(EINTR) }
          let count = rest.withUnsafeBytes { systemWrite(descriptor, $0) }
          if count >= 0 { rest = rest.dropFirst(count) } else if errno != EINTR { throw OutputError() }
        }
      }
    }
  }
}

private func systemReadLink(_ path: UnsafePointer<CChar>, _ bytes: UnsafeMutableRawBufferPointer) -> Int {
  guard let start = bytes.baseAddress else { return 0 }
  return readlink(path, start.assumingMemoryBound(to: CChar.self), bytes.count)
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  write(descriptor, bytes.baseAddress, bytes.count)
}
