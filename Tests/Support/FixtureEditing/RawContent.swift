import CHDF5
import HDF5

/// Datatypes that no fixture has, by the words in which an error names them.
public enum ForeignType: String, CaseIterable, Sendable {
  case compound
  case array
  case sequence = "variable-length sequence"
  case enumeration
  case opaque
  case paddedInteger = "padded 16-bit integer"
  case brainFloat = "non-IEEE 16-bit float"
  case extendedFloat = "non-IEEE 128-bit float"
  /// As h5py stores it; an attribute may be one.
  case boolean

  fileprivate func make() -> hid_t {
    let float = chdf5_float_type(32, false)
    defer { H5Tclose(float) }
    switch self {
    case .compound:
      let type = H5Tcreate(H5T_COMPOUND, 4)
      H5Tinsert(type, "value", 0, float)
      return type
    case .array: return H5Tarray_create2(float, 1, [3])
    case .sequence: return H5Tvlen_create(float)
    case .enumeration:
      let base = integer()
      defer { H5Tclose(base) }
      let type = H5Tenum_create(base)
      var value: Int16 = 1
      H5Tenum_insert(type, "TRUE", &value)
      return type
    case .opaque: return H5Tcreate(H5T_OPAQUE, 3)
    case .paddedInteger:
      let type = integer()
      H5Tset_precision(type, 12)
      return type
    case .brainFloat:
      H5Tset_fields(float, 15, 7, 8, 0, 7)
      H5Tset_size(float, 2)
      return H5Tcopy(float)
    case .extendedFloat:
      H5Tset_size(float, 16)
      return H5Tcopy(float)
    case .boolean: return chdf5_boolean_type()
    }
  }

  private func integer() -> hid_t { chdf5_integer_type(16, true, false) }
}

/// `H5F_ACC_RDWR`, a macro that Swift doesn't import.
private let readAndWrite: UInt32 = 1

/// What only HDF5 itself writes, to be put into a file once its tree is there.
public enum RawContent: Sendable {
  /// A second name of what is at a path.
  case hardLink(to: String)
  /// A datatype that has a name.
  case namedType
  /// A dataset without data.
  case dataset(ForeignType, shape: [Int])
  /// A dataset of float32 that has a shape, and nothing stored, in chunks.
  case unwritten(shape: [Int], chunk: [Int])
  /// A dataset of float32 that holds as many values as a chunk of another size: the rest is room to grow.
  case growing([Double], shape: [Int], chunk: [Int])
  /// A dataset that is a view of another file's.
  case virtual(shape: [Int])
  /// A dataset whose data are in another file.
  case external(shape: [Int])
  /// An attribute of the object at the path.
  case attribute(String, ForeignType)
  /// A string attribute of these bytes.
  case text(String, [UInt8], isVariable: Bool = false)
  /// An attribute without a value: a string, or a number.
  case null(String, isString: Bool)
}

extension RawContent {
  /// Adds the contents to a file that nobody has open.
  static func write(_ contents: [(path: String, content: RawContent)], to name: String) throws {
    let failed = Library.shared.locked { () -> String? in
      let file = H5Fopen(name, readAndWrite, chdf5_default_list())
      defer { H5Fclose(file) }
      return contents.first { $0.content.write($0.path, to: file) < 0 }?.path
    }
    if let failed { throw UnsupportedContent(path: failed) }
  }

  private func write(_ path: String, to file: hid_t) -> hid_t {
    let none = chdf5_default_list()
    let float = chdf5_float_type(32, false)
    let creation = chdf5_create_dataset_creation()
    defer {
      H5Tclose(float)
      H5Pclose(creation)
    }
    switch self {
    case .hardLink(let target): return hid_t(H5Lcreate_hard(file, target, file, path, none, none))
    case .namedType: return hid_t(H5Tcommit2(file, path, float, none, none, none))
    case .dataset(let foreign, let shape):
      let type = foreign.make()
      defer { H5Tclose(type) }
      return dataset(file, path, type, shape, creation)
    case .unwritten(let shape, let chunk):
      H5Pset_chunk(creation, Int32(chunk.count), chunk.map { hsize_t($0) })
      H5Pset_deflate(creation, 9)
      return dataset(file, path, float, shape, creation)
    case .growing(let values, let shape, let chunk):
      H5Pset_chunk(creation, Int32(chunk.count), chunk.map { hsize_t($0) })
      H5Pset_deflate(creation, 9)
      return dataset(file, path, float, shape, creation, values: values)
    case .virtual(let shape):
      let space = H5Screate_simple(Int32(shape.count), shape.map { hsize_t($0) }, nil)
      defer { H5Sclose(space) }
      H5Pset_virtual(creation, space, "other.h5", "/x", space)
      return dataset(file, path, float, shape, creation)
    case .external(let shape):
      H5Pset_external(creation, "other.bin", 0, hsize_t(4 * shape.reduce(1, *)))
      return dataset(file, path, float, shape, creation)
    case .attribute(let name, let foreign):
      let type = foreign.make()
      defer { H5Tclose(type) }
      return attribute(file, path, name, type, H5Screate(H5S_SCALAR))
    case .text(let name, let bytes, let isVariable):
      let type = chdf5_string_type(bytes.count, isVariable, H5T_STR_NULLTERM, true)
      defer { H5Tclose(type) }
      guard isVariable else { return attribute(file, path, name, type, H5Screate(H5S_SCALAR), bytes) }
      return (bytes + [0]).withUnsafeBytes { bytes in
        var pointer = bytes.baseAddress
        return attribute(file, path, name, type, H5Screate(H5S_SCALAR), &pointer)
      }
    case .null(let name, let isString):
      let type = isString ? chdf5_string_type(4, false, H5T_STR_NULLPAD, true) : float
      defer { if isString { H5Tclose(type) } }
      return attribute(file, path, name, type, H5Screate(H5S_NULL))
    }
  }

  private func dataset(
    _ file: hid_t, _ path: String, _ type: hid_t, _ shape: [Int], _ creation: hid_t, values: [Double]? = nil
  ) -> hid_t {
    let none = chdf5_default_list()
    let isGrowing = values != nil
    let space = H5Screate_simple(
      Int32(shape.count), shape.map { hsize_t($0) },
      isGrowing ? shape.map { _ in hsize_t.max } : nil)
    let dataset = H5Dcreate2(file, path, type, space, none, creation, none)
    defer {
      H5Sclose(space)
      H5Dclose(dataset)
    }
    guard let values, dataset >= 0 else { return dataset }
    let memory = chdf5_float_type(64, 1.bigEndian == 1)
    defer { H5Tclose(memory) }
    return hid_t(H5Dwrite(dataset, memory, chdf5_whole_space(), chdf5_whole_space(), none, values))
  }

  private func attribute(
    _ file: hid_t, _ path: String, _ name: String, _ type: hid_t, _ space: hid_t,
    _ value: UnsafeRawPointer? = nil
  ) -> hid_t {
    let none = chdf5_default_list()
    H5Adelete_by_name(file, path, name, none)
    let attribute = H5Acreate_by_name(file, path, name, type, space, none, none, none)
    defer {
      H5Sclose(space)
      H5Aclose(attribute)
    }
    guard let value, attribute >= 0 else { return attribute }
    return hid_t(H5Awrite(attribute, type, value))
  }
}
