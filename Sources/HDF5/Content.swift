import CHDF5

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// What datasets and attributes have in common: elements of one type in a shape.
struct Content: Sendable {
  let site: Site
  /// "dataset" or "attribute", for what is said of it.
  let noun: String
  /// The datatype in the file.
  let type: Handle
  let elementType: ElementType
  let shape: [Int]

  var operation: String { "read \(noun)" }

  /// Reads into memory of a given datatype.
  typealias Reader = (_ memoryType: hid_t, _ memory: UnsafeMutableRawPointer) -> herr_t

  init(_ site: Site, noun: String, type: Handle, space: Handle) throws(HDF5Error) {
    self.site = site
    self.noun = noun
    self.type = type
    elementType = try site.elementType(of: type)
    shape = try site.shape(of: space)
  }

  /// The number of elements in `shape`, which may be a part of all there is.
  func count(_ shape: [Int]) throws(HDF5Error) -> Int {
    guard let count = elementCount(of: shape) else { throw error("its shape \(shape) is too large") }
    return count
  }

  func error(_ reason: String) -> HDF5Error { site.error(operation, reason) }

  // MARK: Numbers

  /// Reads `count` numbers, when `T` holds each number of the stored type exactly.
  func numbers<T: Element>(as: T.Type, count: Int, _ read: Reader) throws(HDF5Error) -> [T] {
    try numbers(of: T.self, count: count, read) { _ in }
  }

  /// Reads `count` numbers that Float32 holds, and widens them. HDF5 widens one value after the other.
  func widenedNumbers(count: Int, _ read: Reader) throws(HDF5Error) -> [Double] {
    try numbers(of: Float.self, count: count, read) { widen($0, count: count) }
  }

  /// Numbers that are read as `Stored` into the end of their memory, and finished there.
  private func numbers<Stored: Element, T>(
    of: Stored.Type, count: Int, _ read: Reader, finish: (UnsafeMutableRawPointer) -> Void
  ) throws(HDF5Error) -> [T] {
    try requireExact(Stored.self)
    if count == 0 { return [] }
    try requireMemory(for: count, of: MemoryLayout<T>.stride)
    let memoryType = try site.memoryType(Stored.self)
    let start = count * (MemoryLayout<T>.stride - MemoryLayout<Stored>.stride)
    var outcome: Result<herr_t, Library.Complaint> = .success(0)
    let values = [T](unsafeUninitializedCapacity: count) { buffer, initialized in
      guard let memory = UnsafeMutableRawBufferPointer(buffer).baseAddress else { return }
      outcome = Library.shared.attempt { read(memoryType.id, memory + start) }
      guard case .success = outcome else { return }
      finish(memory)
      initialized = count
    }
    if case .failure(let complaint) = outcome { throw site.error(operation, complaint) }
    return values
  }

  private func requireExact<T: Element>(_: T.Type) throws(HDF5Error) {
    if elementType.fits(T.elementType) { return }
    let found = "found \(elementType.asFound)"
    switch (elementType, T.elementType) {
    case (.float, .float), (.integer, .integer):
      throw error("expected numbers that \(T.elementType) holds exactly, \(found)")
    case (_, .float): throw error("expected a floating-point \(noun), \(found)")
    default: throw error("expected an integer \(noun), \(found)")
    }
  }

  /// Swift ends the process when an array gets no memory, and a small file can declare a huge shape.
  func requireMemory(for count: Int, of size: Int) throws(HDF5Error) {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
    guard !overflow, bytes < .max / 2, let probe = malloc(bytes) else {
      throw error("no memory for \(count) elements of \(size) bytes")
    }
    free(probe)
  }

  // MARK: Bools

  /// Reads `count` bools: those of h5py, or the integers 0 and 1.
  func booleans(count: Int, _ read: Reader) throws(HDF5Error) -> [Bool] {
    switch elementType {
    case .boolean, .integer(8, _, _):
      try requireMemory(for: count, of: 1)
      var bytes = [Int8](repeating: 0, count: count)
      if count > 0 { try site.check(operation) { read(type.id, &bytes) } }
      return try booleans(bytes)
    case .integer(64, signed: false, _): return try booleans(numbers(as: UInt64.self, count: count, read))
    case .integer: return try booleans(numbers(as: Int64.self, count: count, read))
    default: throw error("expected a boolean \(noun), found \(elementType.asFound)")
    }
  }

  private func booleans<T: FixedWidthInteger>(_ values: [T]) throws(HDF5Error) -> [Bool] {
    if let other = values.first(where: { !(0...1).contains($0) }) {
      throw error("expected 0 or 1, found \(other)")
    }
    return values.map { $0 == 1 }
  }

  // MARK: Strings

  func strings(count: Int, _ read: Reader) throws(HDF5Error) -> [String] {
    guard case .string(let length, _) = elementType else {
      throw error("expected a string \(noun), found \(elementType.asFound)")
    }
    if count == 0 { return [] }
    guard let length else { return try variableStrings(count: count, read) }
    return try fixedStrings(count: count, length: length, read)
  }

  private func fixedStrings(count: Int, length: Int, _ read: Reader) throws(HDF5Error) -> [String] {
    try requireMemory(for: count, of: length)
    let padding = H5T_str_t(try site.check(operation) { H5Tget_strpad(type.id).rawValue })
    var bytes = [UInt8](repeating: 0, count: count * length)
    try site.check(operation) {
      bytes.withUnsafeMutableBytes { buffer in
        buffer.baseAddress.map { read(type.id, $0) } ?? -1
      }
    }
    var strings: [String] = []
    for index in 0..<count {
      let field = bytes[index * length..<(index + 1) * length]
      strings.append(try text(unpadded(field, padding), index))
    }
    return strings
  }

  private func unpadded(_ field: ArraySlice<UInt8>, _ padding: H5T_str_t) -> ArraySlice<UInt8> {
    switch padding {
    case H5T_STR_NULLTERM: return field.prefix { $0 != 0 }
    case H5T_STR_SPACEPAD: return field.dropLast(while: UInt8(ascii: " "))
    default: return field.dropLast(while: 0)
    }
  }

  private func variableStrings(count: Int, _ read: Reader) throws(HDF5Error) -> [String] {
    try requireMemory(for: count, of: MemoryLayout<UnsafeMutablePointer<CChar>?>.stride)
    let space = try site.space([count])
    var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
    // When this fails HDF5 doesn't say which of the pointers are its own: then none is given back.
    try site.check(operation) { read(type.id, &pointers) }
    defer { _ = Library.shared.attempt { chdf5_reclaim(type.id, space.id, &pointers) } }
    var strings: [String] = []
    for (index, pointer) in pointers.enumerated() {
      let bytes = pointer.map { UnsafeBufferPointer(start: $0, count: strlen($0)) }
      strings.append(try text((bytes ?? .init(start: nil, count: 0)).map(UInt8.init(bitPattern:)), index))
    }
    return strings
  }

  private func text(_ bytes: some Collection<UInt8>, _ index: Int) throws(HDF5Error) -> String {
    try site.text(operation, bytes, what: shape.isEmpty ? "the string" : "string \(index)")
  }
}

extension ArraySlice<UInt8> {
  fileprivate func dropLast(while byte: UInt8) -> ArraySlice<UInt8> {
    prefix(through: (lastIndex { $0 != byte }) ?? startIndex - 1)
  }
}
