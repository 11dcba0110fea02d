import CHDF5

/// An open object of a file: what `Group` and `Dataset` are made of.
public struct ObjectReference: Sendable {
  let site: Site
  let handle: Handle
  let address: UInt64
  private let type: H5O_type_t

  init(_ site: Site, _ handle: Handle) throws(HDF5Error) {
    self.site = site
    self.handle = handle
    var info = chdf5_object_info()
    try site.check("read address") {
      chdf5_object_by_name(handle.id, ".", Library.shared.linkAccess, &info)
    }
    address = info.address
    type = info.type
  }

  func isOfKind(_ kind: LinkKind) -> Bool {
    switch kind {
    case .group: type == H5O_TYPE_GROUP
    case .dataset: type == H5O_TYPE_DATASET
    default: false
    }
  }
}

/// A group or a dataset: what has a path and attributes.
public protocol FileObject: Sendable {
  /// The handle that keeps it open.
  var object: ObjectReference { get }
}

extension FileObject {
  /// The path by which the object was reached from the root group, beginning with "/".
  public var path: String { object.site.path }

  /// The object's place in its file. Two paths lead to the same object when this is the same, so that a
  /// walk through groups can tell that it is going round in circles.
  public var address: UInt64 { object.address }

  /// The attribute called `name`, or nil when there is none. Throws when HDF5 cannot read it.
  public func attribute(_ name: String) throws(HDF5Error) -> Attribute? {
    let exists = try object.site.check("look up attribute") { H5Aexists(object.handle.id, name) }
    return exists > 0 ? try Attribute(name, of: object) : nil
  }

  /// The names of the attributes, in the order of their bytes. Throws when one isn't UTF-8.
  public func attributeNames() throws(HDF5Error) -> [String] {
    try object.site.names("list attributes") { chdf5_attribute_names(object.handle.id, $0, $1) }
  }

  // MARK: Writing. Each replaces an attribute of the same name, and throws when the file is read-only.

  /// Writes a string. Throws when `format` cannot hold it.
  public func setAttribute(
    _ name: String, _ value: String, as format: StringFormat = StringFormat()
  ) throws(HDF5Error) {
    try setStrings(name, [value], shape: [], format)
  }

  /// Writes an array of strings. Throws when `format` cannot hold one of them.
  public func setAttribute(
    _ name: String, _ values: [String], as format: StringFormat = StringFormat()
  ) throws(HDF5Error) {
    try setStrings(name, values, shape: [values.count], format)
  }

  /// Writes a bool as h5py does.
  public func setAttribute(_ name: String, _ value: Bool) throws(HDF5Error) {
    let site = attributeSite(name)
    let type = try site.handle("make type", closer: H5Tclose) { chdf5_boolean_type() }
    try write(site, name, fileType: type, memoryType: type, shape: [], [value ? 1 : 0] as [Int8])
  }

  /// Writes an integer of 64 bits.
  public func setAttribute(_ name: String, _ value: Int) throws(HDF5Error) {
    try setNumbers(name, [Int64(value)], shape: [], storedAs: nil)
  }

  /// Writes a float of 64 bits.
  public func setAttribute(_ name: String, _ value: Double) throws(HDF5Error) {
    try setNumbers(name, [value], shape: [], storedAs: nil)
  }

  /// Writes an array of numbers, or with `shape: []` and one value a single number.
  public func setAttribute<T: Element>(
    _ name: String, _ values: [T], shape: [Int]? = nil, storedAs type: ElementType? = nil
  ) throws(HDF5Error) {
    try setNumbers(name, values, shape: shape ?? [values.count], storedAs: type)
  }

  private func attributeSite(_ name: String) -> Site { object.site.at("\(path)@\(name)") }

  private func setNumbers<T: Element>(
    _ name: String, _ values: [T], shape: [Int], storedAs type: ElementType?
  ) throws(HDF5Error) {
    let site = attributeSite(name)
    try site.require(values.count, fill: shape)
    let fileType = try site.fileType(for: T.self, storedAs: type)
    try write(site, name, fileType: fileType, memoryType: site.memoryType(T.self), shape: shape, values)
  }

  private func setStrings(
    _ name: String, _ values: [String], shape: [Int], _ format: StringFormat
  ) throws(HDF5Error) {
    let site = attributeSite(name)
    let type = try site.stringType(format)
    try site.withMemory(of: values, format) { (memory) throws(HDF5Error) in
      try write(site, name, fileType: type, memoryType: type, shape: shape, memory)
    }
  }

  private func write(
    _ site: Site, _ name: String, fileType: Handle, memoryType: Handle, shape: [Int],
    _ memory: UnsafeRawPointer
  ) throws(HDF5Error) {
    if try site.check("look up attribute", { H5Aexists(object.handle.id, name) }) > 0 {
      try site.check("replace attribute") { H5Adelete(object.handle.id, name) }
    }
    let space = try site.space(shape)
    let creation = try site.handle("write attribute", closer: H5Pclose) { chdf5_create_attribute_creation() }
    try site.check("write attribute") { H5Pset_char_encoding(creation.id, H5T_CSET_UTF8) }
    let attribute = try site.handle("write attribute", closer: H5Aclose) {
      H5Acreate2(object.handle.id, name, fileType.id, space.id, creation.id, chdf5_default_list())
    }
    try site.check("write attribute") { H5Awrite(attribute.id, memoryType.id, memory) }
  }
}
