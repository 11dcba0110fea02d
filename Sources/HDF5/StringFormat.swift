import CHDF5

/// How strings are written to a file.
public struct StringFormat: Sendable, Equatable {
  /// What fills the rest of a string that is shorter than its fixed length.
  public enum Padding: Sendable, Equatable {
    /// At least one NUL, as strings of C have.
    case nullTerminated
    /// NULs, when there is room, as numpy has it.
    case nullPadded
    /// Spaces, when there is room, as Fortran has it.
    case spacePadded
  }

  /// The length in bytes; nil when each string has its own.
  public var fixedLength: Int?
  /// What fills the bytes behind the text.
  public var padding: Padding
  /// Whether the file calls the strings UTF-8, or ASCII, which they then have to be.
  public var utf8: Bool

  /// A format; without arguments, that in which h5py writes a `str`.
  public init(fixedLength: Int? = nil, padding: Padding = .nullPadded, utf8: Bool = true) {
    self.fixedLength = fixedLength
    self.padding = padding
    self.utf8 = utf8
  }
}

extension Site {
  func stringType(_ format: StringFormat) throws(HDF5Error) -> Handle {
    let isVariable = format.fixedLength == nil
    let padding =
      switch format.padding {
      case .nullTerminated: H5T_STR_NULLTERM
      case .nullPadded: isVariable ? H5T_STR_NULLTERM : H5T_STR_NULLPAD
      case .spacePadded: H5T_STR_SPACEPAD
      }
    guard format.fixedLength ?? 1 > 0 else { throw error("write string", "a fixed length of 0") }
    return try handle("make type", closer: H5Tclose) {
      chdf5_string_type(format.fixedLength ?? 0, isVariable, padding, format.utf8)
    }
  }

  /// Calls `write` with the strings as they are in memory of the datatype of `format`.
  func withMemory(
    of strings: [String], _ format: StringFormat, _ write: (UnsafeRawPointer) throws(HDF5Error) -> Void
  ) throws(HDF5Error) {
    for string in strings where !format.utf8 && !string.utf8.allSatisfy({ $0 < 128 }) {
      throw error("write string", "\"\(string)\" is not ASCII")
    }
    guard let length = format.fixedLength else { return try withPointers(to: strings, write) }
    let room = format.padding == .nullTerminated ? length - 1 : length
    let filler: UInt8 = format.padding == .spacePadded ? UInt8(ascii: " ") : 0
    var bytes: [UInt8] = []
    for string in strings {
      guard string.utf8.count <= room else {
        throw error("write string", "\"\(string)\" is longer than \(room) bytes")
      }
      bytes += string.utf8
      bytes += repeatElement(filler, count: length - string.utf8.count)
    }
    try write(bytes)
  }

  private func withPointers(
    to strings: [String], _ write: (UnsafeRawPointer) throws(HDF5Error) -> Void
  ) throws(HDF5Error) {
    for string in strings where string.utf8.contains(0) {
      throw error("write string", "a string of variable length cannot hold a NUL")
    }
    // One buffer of all the strings, each ended by a NUL, and where in it each begins.
    var offsets: [Int] = []
    var bytes: [UInt8] = []
    for string in strings {
      offsets.append(bytes.count)
      bytes += string.utf8
      bytes.append(0)
    }
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
    defer { buffer.deallocate() }
    _ = buffer.update(fromContentsOf: bytes)
    let pointers = offsets.map { buffer.baseAddress.map { [offset = $0] in UnsafeRawPointer($0) + offset } }
    try write(pointers)
  }
}
