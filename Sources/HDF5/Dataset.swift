import CHDF5

/// An array of elements of one type in a file.
public struct Dataset: FileObject {
  /// The handle that keeps it open.
  public let object: ObjectReference
  private let content: Content
  private let storage: StorageInfo

  init(_ object: ObjectReference) throws(HDF5Error) {
    self.object = object
    let site = object.site
    let id = object.handle.id
    // Asking for its shape would make HDF5 open the other files of a virtual dataset.
    let type = try site.handle("read type", closer: H5Tclose) { H5Dget_type(id) }
    storage = try StorageInfo(of: object, type: type)
    if storage.isVirtual { throw site.error("open dataset", "a virtual dataset, whose data are elsewhere") }
    let space = try site.handle("read shape", closer: H5Sclose) { H5Dget_space(id) }
    content = try Content(site, noun: "dataset", type: type, space: space)
  }

  /// The lengths of the axes: [] for a single value, [0] for a null dataset, which has no elements.
  public var shape: [Int] { content.shape }

  /// What is stored.
  public var elementType: ElementType { content.elementType }

  /// The lengths of the axes of the boxes in which the data are stored and read, nil where they lie in one piece.
  /// A box may be larger than the whole.
  public var chunkShape: [Int]? { storage.chunk }

  /// The number of bytes that the data occupy in the file, compressed if they are.
  public var storedBytes: UInt64 { storage.bytes }

  /// The number of bytes that shape and type declare, nil when no `Int` holds it. The file need not be as
  /// large: data may be compressed, or never written.
  public var byteCount: Int? {
    guard let count = elementCount(of: shape) else { return nil }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: storage.elementSize)
    return overflow ? nil : bytes
  }

  /// All numbers, in row-major order. Throws when `T` doesn't hold each number of the stored type
  /// exactly, or when the data are not in this file or are damaged.
  public func read<T: Element>(as type: T.Type) throws(HDF5Error) -> [T] {
    try requireOwnData()
    return try content.numbers(as: type, count: content.count(shape), reader())
  }

  /// The numbers with these indices along the first axis. Throws as `read(as:)`, and when a row is
  /// outside of the shape.
  public func read<T: Element>(as type: T.Type, rows: Range<Int>) throws(HDF5Error) -> [T] {
    guard !shape.isEmpty else { throw content.error("a single value has no rows") }
    let (offset, count) = box(rows)
    return try read(as: type, offset: offset, count: count)
  }

  /// The numbers of a box that begins at `offset` and has the shape `count`. Throws as `read(as:)`, and
  /// when the box isn't inside of the shape.
  public func read<T: Element>(as type: T.Type, offset: [Int], count: [Int]) throws(HDF5Error) -> [T] {
    try requireOwnData()
    try requireInside(offset, count)
    if shape.isEmpty || count.contains(0) {
      return try count.contains(0) ? content.numbers(as: type, count: 0) { _, _ in 0 } : read(as: type)
    }
    return try content.numbers(as: type, count: content.count(count), reader(offset, count))
  }

  /// The Float32 numbers with these indices along the first axis, widened: all of them for nil. Throws as
  /// `read(as:)`, and when a row is outside of the shape.
  public func readWidened(rows: Range<Int>? = nil) throws(HDF5Error) -> [Double] {
    try requireOwnData()
    guard let rows else { return try content.widenedNumbers(count: content.count(shape), reader()) }
    guard let length = shape.first else { throw content.error("a single value has no rows") }
    if rows == 0..<length { return try readWidened() }
    let (offset, count) = box(rows)
    try requireInside(offset, count)
    if count.contains(0) { return try content.widenedNumbers(count: 0) { _, _ in 0 } }
    return try content.widenedNumbers(count: content.count(count), reader(offset, count))
  }

  /// All bools, in row-major order: those of h5py, or the integers 0 and 1. Throws when the elements are anything
  /// else, or when the data are not in this file or are damaged.
  public func readBooleans() throws(HDF5Error) -> [Bool] {
    try requireOwnData()
    return try content.booleans(count: content.count(shape), reader())
  }

  /// All strings, in row-major order, without their padding. Throws when the elements aren't strings of
  /// valid UTF-8, or when the data are not in this file or are damaged.
  public func readStrings() throws(HDF5Error) -> [String] {
    try requireOwnData()
    return try content.strings(count: content.count(shape), reader())
  }

  /// Writes the numbers with these indices along the first axis, in row-major order. Throws when they don't fill the
  /// rows, when a row is outside of the shape, and when the stored type holds other numbers than `T`: a float may be
  /// rounded to a narrower one.
  public func write<T: Element>(_ values: [T], rows: Range<Int>) throws(HDF5Error) {
    guard !shape.isEmpty else { throw content.error("a single value has no rows") }
    let (offset, count) = box(rows)
    try requireInside(offset, count)
    let site = object.site
    try site.require(values.count, fill: count)
    _ = try site.fileType(for: T.self, storedAs: elementType)
    guard !values.isEmpty else { return }
    let memoryType = try site.memoryType(T.self)
    let (fileSpace, memorySpace) = try spaces(offset, count)
    try site.check("write dataset") {
      H5Dwrite(
        object.handle.id, memoryType.id, memorySpace.id, fileSpace.id, chdf5_default_list(), values)
    }
  }

  /// Reads all of it.
  private func reader() -> Content.Reader {
    { [id = object.handle.id] memoryType, memory in
      H5Dread(
        id, memoryType, chdf5_whole_space(), chdf5_whole_space(), Library.shared.transfer, memory)
    }
  }

  /// Reads a box, which has to be inside of the shape.
  private func reader(_ offset: [Int], _ count: [Int]) throws(HDF5Error) -> Content.Reader {
    let (fileSpace, memorySpace) = try spaces(offset, count)
    return { [id = object.handle.id] memoryType, memory in
      H5Dread(id, memoryType, memorySpace.id, fileSpace.id, Library.shared.transfer, memory)
    }
  }

  /// The box that some rows of the first axis are.
  private func box(_ rows: Range<Int>) -> (offset: [Int], count: [Int]) {
    ([rows.lowerBound] + shape.dropFirst().map { _ in 0 }, [rows.count] + shape.dropFirst())
  }

  /// A box, which has to be inside of the shape, as it lies in the file and in memory.
  private func spaces(_ offset: [Int], _ count: [Int]) throws(HDF5Error) -> (file: Handle, memory: Handle) {
    let site = object.site
    let fileSpace = try site.handle("select", closer: H5Sclose) { H5Dget_space(object.handle.id) }
    let start = offset.map { hsize_t($0) }
    let lengths = count.map { hsize_t($0) }
    try site.check("select") { H5Sselect_hyperslab(fileSpace.id, H5S_SELECT_SET, start, nil, lengths, nil) }
    return (fileSpace, try site.space(count))
  }

  private func requireOwnData() throws(HDF5Error) {
    if storage.isExternal { throw content.error("its data are in another file, which is never read") }
  }

  private func requireInside(_ offset: [Int], _ count: [Int]) throws(HDF5Error) {
    let isInside =
      offset.count == shape.count && count.count == shape.count
      && zip(shape, zip(offset, count)).allSatisfy { length, box in
        box.0 >= 0 && box.1 >= 0 && box.0 <= length && box.1 <= length - box.0
      }
    guard isInside else {
      throw content.error("offset \(offset) and count \(count) are outside of the shape \(shape)")
    }
  }
}

/// Where and how a dataset stores its data.
private struct StorageInfo: Sendable {
  let isVirtual: Bool
  let isExternal: Bool
  let chunk: [Int]?
  let bytes: UInt64
  let elementSize: Int

  init(of object: ObjectReference, type: Handle) throws(HDF5Error) {
    let site = object.site
    let id = object.handle.id
    elementSize = try site.size(of: type)
    // Most datasets, and what says so is much cheaper than the list of all that a dataset may be.
    guard !Library.shared.locked({ chdf5_is_in_one_piece(id) }) else {
      (isVirtual, isExternal, chunk) = (false, false, nil)
      bytes = Library.shared.locked { H5Dget_storage_size(id) }
      return
    }
    let creation = try site.handle("open dataset", closer: H5Pclose) { H5Dget_create_plist(id) }
    let layout = try site.check("open dataset") { H5Pget_layout(creation.id).rawValue }
    isVirtual = layout == H5D_VIRTUAL.rawValue
    isExternal = try site.check("open dataset") { H5Pget_external_count(creation.id) } > 0
    chunk = layout == H5D_CHUNKED.rawValue ? try site.chunkShape(creation) : nil
    bytes = isVirtual ? 0 : Library.shared.locked { H5Dget_storage_size(id) }
  }
}

extension Site {
  fileprivate func chunkShape(_ creation: Handle) throws(HDF5Error) -> [Int] {
    var lengths = [hsize_t](repeating: 0, count: Int(H5S_MAX_RANK))
    let rank = try check("open dataset") { H5Pget_chunk(creation.id, H5S_MAX_RANK, &lengths) }
    return lengths.prefix(Int(rank)).map { Int(clamping: $0) }
  }
}
