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
  let path: String

  /// Writes the text. A file is replaced as a whole or stays as it is, and a link to it stays a link; what is
  /// no regular file, such as a pipe, is written into.
  func write(_ text: String) throws(OutputError) {
    var info = stat()
    guard stat(path, &info) == 0 else { return try replace(path, text, mode: nil) }
    guard info.st_mode & S_IFMT == S_IFREG else { return try writeInto(text) }
    guard access(path, W_OK) == 0, let target = realpath(path, nil) else { throw OutputError() }
    defer { free(target) }
    try replace(String(cString: target), text, mode: info.st_mode & 0o777)
  }

  private func writeInto(_ text: String) throws(OutputError) {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw OutputError() }
    defer { _ = close(descriptor) }
    try Self.write(text, to: descriptor)
  }

  /// Writes a new file beside the place, and puts it there when it is complete.
  private func replace(_ target: String, _ text: String, mode: mode_t?) throws(OutputError) {
    let draft = "\(target).\(getpid()).part"
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw OutputError() }
    var isComplete = false
    defer { if !isComplete { _ = unlink(draft) } }
    try fill(descriptor, text, mode: mode)
    guard rename(draft, target) == 0 else { throw OutputError() }
    isComplete = true
  }

  private func fill(_ descriptor: Int32, _ text: String, mode: mode_t?) throws(OutputError) {
    defer { _ = close(descriptor) }
    if let mode, fchmod(descriptor, mode) != 0 { throw OutputError() }
    try Self.write(text, to: descriptor)
  }

  /// Writes all of the text, in as many pieces as it takes.
  static func write(_ text: String, to descriptor: Int32) throws(OutputError) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { systemWrite(descriptor, $0) }
      if count >= 0 { rest = rest.dropFirst(count) } else if errno != EINTR { throw OutputError() }
    }
  }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  write(descriptor, bytes.baseAddress, bytes.count)
}
