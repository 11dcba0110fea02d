import CHDF5

/// The datatypes of HDF5, to and from `ElementType`.
extension Site {
  /// What the open datatype `type` is.
  func elementType(of type: Handle) throws(HDF5Error) -> ElementType {
    let kind = try check("read type") { H5Tget_class(type.id).rawValue }
    switch H5T_class_t(kind) {
    case H5T_FLOAT: return try floatType(type)
    case H5T_INTEGER: return try integerType(type)
    case H5T_STRING: return try stringType(type)
    case H5T_ENUM:
      return try check("read type") { chdf5_is_boolean_type(type.id) } > 0 ? .boolean : .other("enumeration")
    case H5T_COMPOUND: return .other("compound")
    case H5T_ARRAY: return .other("array")
    case H5T_VLEN: return .other("variable-length sequence")
    case H5T_OPAQUE: return .other("opaque")
    case H5T_BITFIELD: return .other("bit field")
    case H5T_REFERENCE: return .other("reference")
    case H5T_TIME: return .other("time")
    default: return .other("unknown")
    }
  }

  /// The size in bytes of one element of `type`.
  func size(of type: Handle) throws(HDF5Error) -> Int {
    try check("read type") {
      let size = H5Tget_size(type.id)
      return size == 0 ? -1 : Int(clamping: size)
    }
  }

  /// A new datatype that stores numbers as `type`.
  func numberType(_ type: ElementType) throws(HDF5Error) -> Handle {
    try handle("make type", closer: H5Tclose) {
      switch type {
      case .float(let bits, let bigEndian): chdf5_float_type(Int32(bits), bigEndian)
      case .integer(let bits, let signed, let bigEndian):
        chdf5_integer_type(Int32(bits), signed, bigEndian)
      default: -1
      }
    }
  }

  /// The datatype of `T` in memory.
  func memoryType<T: Element>(_: T.Type) throws(HDF5Error) -> Handle {
    let hostIsBigEndian = 1.bigEndian == 1
    return try numberType(T.elementType.with(bigEndian: hostIsBigEndian))
  }

  private func isBigEndian(_ type: Handle) throws(HDF5Error) -> Bool? {
    switch H5T_order_t(try check("read type") { H5Tget_order(type.id).rawValue }) {
    case H5T_ORDER_LE: false
    case H5T_ORDER_BE: true
    default: nil
    }
  }

  private func integerType(_ type: Handle) throws(HDF5Error) -> ElementType {
    let bits = try size(of: type) * 8
    let signed = try check("read type") { H5Tget_sign(type.id).rawValue } == H5T_SGN_2.rawValue
    guard [8, 16, 32, 64].contains(bits), let bigEndian = try isBigEndian(type),
      try check("read type", { chdf5_fills_its_bits(type.id) }) > 0
    else { return .other("padded \(bits)-bit integer") }
    return .integer(bits: bits, signed: signed, bigEndian: bigEndian && bits > 8)
  }

  private func floatType(_ type: Handle) throws(HDF5Error) -> ElementType {
    let bits = try size(of: type) * 8
    guard let bigEndian = try isBigEndian(type), try check("read type", { chdf5_is_ieee(type.id) }) > 0
    else { return .other("non-IEEE \(bits)-bit float") }
    return .float(bits: bits, bigEndian: bigEndian)
  }

  private func stringType(_ type: Handle) throws(HDF5Error) -> ElementType {
    let utf8 = try check("read type") { H5Tget_cset(type.id).rawValue } == H5T_CSET_UTF8.rawValue
    let isVariable = try check("read type") { H5Tis_variable_str(type.id) } > 0
    return .string(fixedLength: isVariable ? nil : try size(of: type), utf8: utf8)
  }
}
