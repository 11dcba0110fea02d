import CHDF5

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Where in which file something happens: every call of HDF5 is made, and checked, through one of these.
struct Site: Sendable {
  let file: String
  let path: String
  /// The open file; nil while it is being opened.
  let fileHandle: Handle?

  func at(_ path: String) -> Site { Site(file: file, path: path, fileHandle: fileHandle) }

  /// The site of what is called `name` in the group here.
  func child(_ name: String) -> Site { at(path == "/" ? "/" + name : path + "/" + name) }

  func error(_ operation: String, _ reason: String) -> HDF5Error {
    HDF5Error(file: file, path: path, operation: operation, reason: reason)
  }

  /// Makes one call of HDF5 and throws what HDF5 has to say when the result is negative.
  @discardableResult
  func check<R: SignedInteger>(_ operation: String, _ call: () -> R) throws(HDF5Error) -> R {
    try Library.shared.attempt(call).mapError { error(operation, $0) }.get()
  }

  func error(_ operation: String, _ complaint: Library.Complaint) -> HDF5Error {
    let isClosed = fileHandle?.isClosed ?? false
    return HDF5Error(
      file: file, path: path, operation: operation,
      reason: isClosed ? "the file is closed" : complaint.reason, stack: complaint.stack)
  }

  /// Makes a call of HDF5 that opens or makes something, which `closer` closes.
  func handle(
    _ operation: String, closer: @escaping @Sendable (hid_t) -> herr_t, _ call: () -> hid_t
  ) throws(HDF5Error) -> Handle {
    Handle(try check(operation, call), in: fileHandle, closer: closer)
  }

  /// The string that `bytes` encode.
  func text(
    _ operation: String, _ bytes: some Collection<UInt8>, what: @autoclosure () -> String
  ) throws(HDF5Error) -> String {
    let text = String(decoding: bytes, as: UTF8.self)
    // Decoding puts U+FFFD in the place of what isn't UTF-8.
    guard text.utf8.elementsEqual(bytes) else {
      throw error(operation, "invalid UTF-8 in \(what()): \"\(String(escaping: bytes))\"")
    }
    return text
  }

  /// The names that `visit` goes through, in the order of their bytes.
  func names(
    _ operation: String,
    _ visit: (
      @escaping @convention(c) (UnsafePointer<CChar>?, UnsafeMutableRawPointer?) -> Void,
      UnsafeMutableRawPointer
    )
      -> herr_t
  ) throws(HDF5Error) -> [String] {
    var found: [[UInt8]] = []
    try check(operation) {
      withUnsafeMutablePointer(to: &found) { found in
        visit(
          { name, found in
            guard let name, let found else { return }
            let bytes = UnsafeBufferPointer(start: name, count: strlen(name)).map(UInt8.init(bitPattern:))
            found.assumingMemoryBound(to: [[UInt8]].self).pointee.append(bytes)
          }, found)
      }
    }
    found.sort { $0.lexicographicallyPrecedes($1) }
    var names: [String] = []
    for bytes in found { names.append(try text(operation, bytes, what: "a name")) }
    return names
  }
}
