import CHDF5

/// How a dataset is laid out in its file.
public enum Storage: Equatable, Sendable {
  /// In one piece.
  case contiguous
  /// In boxes of this shape.
  case chunked([Int])
  /// In boxes of this shape, each compressed; `level` is 0 (fast) to 9 (small).
  case gzip(chunk: [Int], level: Int)
}

extension Group {
  /// Makes a group, and the groups on the way to it that don't exist yet. Throws when the name is taken.
  @discardableResult
  public func createGroup(_ name: String) throws(HDF5Error) -> Group {
    let (parent, last) = try place(for: name, "create group")
    let site = parent.object.site.child(last)
    let links = try site.linkCreation()
    let handle = try site.handle("create group", closer: H5Oclose) {
      H5Gcreate2(
        parent.object.handle.id, last, links.id, chdf5_default_list(), chdf5_default_list())
    }
    return Group(try ObjectReference(site, handle))
  }

  /// Writes numbers, in row-major order, as a dataset of the type of `T`. Throws when they don't fill
  /// the shape, or when the name is taken.
  @discardableResult
  public func write<T: Element>(
    _ name: String, _ values: [T], shape: [Int], storage: Storage = .contiguous, bigEndian: Bool = false
  ) throws(HDF5Error) -> Dataset {
    try write(
      name, values, shape: shape, storage: storage, storedAs: T.elementType.with(bigEndian: bigEndian))
  }

  /// Writes numbers, in row-major order, as a dataset of another type: a float may be rounded to a
  /// narrower one, an integer only stored as one that holds each value of `T`. Throws when that isn't
  /// so, when they don't fill the shape, or when the name is taken.
  @discardableResult
  public func write<T: Element>(
    _ name: String, _ values: [T], shape: [Int], storage: Storage = .contiguous, storedAs type: ElementType
  ) throws(HDF5Error) -> Dataset {
    let (parent, last) = try place(for: name, "write dataset")
    let site = parent.object.site.child(last)
    try site.require(values.count, fill: shape)
    let fileType = try site.fileType(for: T.self, storedAs: type)
    return try parent.write(
      last, fileType: fileType, memoryType: site.memoryType(T.self), shape: shape, storage: storage, values)
  }

  /// Makes a dataset of numbers that are written to it later, row by row; what never is reads as zeros. Throws when the
  /// name is taken.
  public func createDataset(
    _ name: String, shape: [Int], storedAs type: ElementType, storage: Storage = .contiguous
  ) throws(HDF5Error) -> Dataset {
    let (parent, last) = try place(for: name, "make dataset")
    let site = parent.object.site.child(last)
    let handle = try parent.create(
      last, fileType: try site.numberType(type), shape: shape, storage: storage)
    return try Dataset(ObjectReference(site, handle))
  }

  /// Writes bools as h5py does, in row-major order, as a dataset. Throws when they don't fill the shape, or when the
  /// name is taken.
  @discardableResult
  public func write(
    _ name: String, _ values: [Bool], shape: [Int], storage: Storage = .contiguous
  ) throws(HDF5Error) -> Dataset {
    let (parent, last) = try place(for: name, "write dataset")
    let site = parent.object.site.child(last)
    try site.require(values.count, fill: shape)
    let type = try site.handle("make type", closer: H5Tclose) { chdf5_boolean_type() }
    let bytes: [Int8] = values.map { $0 ? 1 : 0 }
    return try parent.write(
      last, fileType: type, memoryType: type, shape: shape, storage: storage, bytes)
  }

  /// Writes strings, in row-major order, as a dataset. Throws when they don't fill the shape, when
  /// `format` cannot hold one of them, or when the name is taken.
  @discardableResult
  public func write(
    _ name: String, _ values: [String], shape: [Int], storage: Storage = .contiguous,
    as format: StringFormat = StringFormat()
  ) throws(HDF5Error) -> Dataset {
    let (parent, last) = try place(for: name, "write dataset")
    let site = parent.object.site.child(last)
    try site.require(values.count, fill: shape)
    let type = try site.stringType(format)
    var dataset: Dataset?
    try site.withMemory(of: values, format) { (memory) throws(HDF5Error) in
      dataset = try parent.write(
        last, fileType: type, memoryType: type, shape: shape, storage: storage, memory)
    }
    guard let dataset else { throw site.error("write dataset", "nothing was written") }
    return dataset
  }

  /// Makes a soft link to a path in this file, which need not exist. Throws when the name is taken.
  public func createSoftLink(_ name: String, to target: String) throws(HDF5Error) {
    let (parent, last) = try place(for: name, "create link")
    let site = parent.object.site.child(last)
    let links = try site.linkCreation()
    try site.check("create link") {
      H5Lcreate_soft(target, parent.object.handle.id, last, links.id, chdf5_default_list())
    }
  }

  /// Makes a second name for the object at `target`. Throws when the name is taken, or there is no such
  /// object.
  public func createHardLink(_ name: String, to target: String) throws(HDF5Error) {
    let (parent, last) = try place(for: name, "create link")
    let site = parent.object.site.child(last)
    let links = try site.linkCreation()
    let access = Library.shared.linkAccess
    try site.check("create link") {
      H5Lcreate_hard(object.handle.id, target, parent.object.handle.id, last, links.id, access)
    }
  }

  /// Makes a link to a path in another file, neither of which need exist. Throws when the name is taken.
  public func createExternalLink(
    _ name: String, toFile file: String, path: String
  ) throws(HDF5Error) {
    let (parent, last) = try place(for: name, "create link")
    let site = parent.object.site.child(last)
    let links = try site.linkCreation()
    try site.check("create link") {
      H5Lcreate_external(file, path, parent.object.handle.id, last, links.id, chdf5_default_list())
    }
  }

  // MARK: Private

  /// The group, made when there is none yet, in which the last name of a path is to be made.
  private func place(for path: String, _ operation: String) throws(HDF5Error) -> (Group, String) {
    var names = path.split(separator: "/").map(String.init).filter { $0 != "." }
    guard !path.utf8.contains(0), let last = names.popLast() else {
      throw object.site.error(operation, "\"\(path)\" cannot be a name")
    }
    var group = path.hasPrefix("/") ? try self.group("/") : self
    for name in names {
      group = try group.link(name) == nil ? group.createGroup(name) : group.group(name)
    }
    return (group, last)
  }

  private func write(
    _ name: String, fileType: Handle, memoryType: Handle, shape: [Int], storage: Storage,
    _ memory: UnsafeRawPointer
  ) throws(HDF5Error) -> Dataset {
    let site = object.site.child(name)
    let handle = try create(name, fileType: fileType, shape: shape, storage: storage)
    try site.check("write dataset") {
      H5Dwrite(
        handle.id, memoryType.id, chdf5_whole_space(), chdf5_whole_space(), chdf5_default_list(), memory)
    }
    return try Dataset(ObjectReference(site, handle))
  }

  private func create(
    _ name: String, fileType: Handle, shape: [Int], storage: Storage
  ) throws(HDF5Error) -> Handle {
    let site = object.site.child(name)
    let space = try site.space(shape)
    let creation = try site.creation(storage, shape: shape)
    let links = try site.linkCreation()
    return try site.handle("write dataset", closer: H5Oclose) {
      H5Dcreate2(
        object.handle.id, name, fileType.id, space.id, links.id, creation.id, chdf5_default_list())
    }
  }
}

/// What writing datasets and attributes has in common.
extension Site {
  func require(_ count: Int, fill shape: [Int]) throws(HDF5Error) {
    guard shape.allSatisfy({ $0 >= 0 }), elementCount(of: shape) == count else {
      throw error("write", "\(count) values don't fill the shape \(shape)")
    }
  }

  /// The type in the file of numbers that are `T` in memory.
  func fileType<T: Element>(for: T.Type, storedAs type: ElementType?) throws(HDF5Error) -> Handle {
    let type = type ?? T.elementType
    switch (T.elementType, type) {
    case (.float, .float): break
    default:
      guard T.elementType.fits(type) else {
        throw error("write", "\(T.elementType) cannot be stored as \(type)")
      }
    }
    return try numberType(type)
  }

  fileprivate func linkCreation() throws(HDF5Error) -> Handle {
    let list = try handle("create link", closer: H5Pclose) { chdf5_create_link_creation() }
    try check("create link") { H5Pset_char_encoding(list.id, H5T_CSET_UTF8) }
    return list
  }

  fileprivate func creation(_ storage: Storage, shape: [Int]) throws(HDF5Error) -> Handle {
    let list = try handle("write dataset", closer: H5Pclose) { chdf5_create_dataset_creation() }
    // The same data make the same file, whenever it is written.
    try check("write dataset") { H5Pset_obj_track_times(list.id, false) }
    switch storage {
    case .contiguous: break
    case .chunked(let chunk): try setChunk(chunk, shape, list)
    case .gzip(let chunk, let level):
      guard (0...9).contains(level) else { throw error("write dataset", "gzip has no level \(level)") }
      try setChunk(chunk, shape, list)
      try check("write dataset") { H5Pset_deflate(list.id, UInt32(level)) }
    }
    return list
  }

  private func setChunk(_ chunk: [Int], _ shape: [Int], _ list: Handle) throws(HDF5Error) {
    guard !shape.isEmpty, chunk.count == shape.count, chunk.allSatisfy({ $0 > 0 }) else {
      throw error("write dataset", "chunks of shape \(chunk) don't suit the shape \(shape)")
    }
    try check("write dataset") { H5Pset_chunk(list.id, Int32(chunk.count), chunk.map { hsize_t($0) }) }
  }
}
