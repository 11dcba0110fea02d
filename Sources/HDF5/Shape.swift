import CHDF5

/// The number of elements of an array of this shape; nil when no `Int` holds it.
package func elementCount(of shape: [Int]) -> Int? {
  if shape.contains(0) { return 0 }
  var count = 1
  for length in shape {
    let (product, overflow) = count.multipliedReportingOverflow(by: length)
    if overflow { return nil }
    count = product
  }
  return count
}

/// Dataspaces, to and from shapes.
extension Site {
  /// The shape of an open dataspace: [] for a scalar, [0] for a null one, which has no elements either.
  func shape(of space: Handle) throws(HDF5Error) -> [Int] {
    switch H5S_class_t(try check("read shape") { H5Sget_simple_extent_type(space.id).rawValue }) {
    case H5S_SCALAR: return []
    case H5S_NULL: return [0]
    default: break
    }
    let rank = try check("read shape") { H5Sget_simple_extent_ndims(space.id) }
    var lengths = [hsize_t](repeating: 0, count: Int(rank))
    try check("read shape") { H5Sget_simple_extent_dims(space.id, &lengths, nil) }
    var shape: [Int] = []
    for length in lengths {
      guard let length = Int(exactly: length) else {
        throw error("read shape", "an axis of length \(length) is too long")
      }
      shape.append(length)
    }
    return shape
  }

  /// A new dataspace.
  func space(_ shape: [Int]) throws(HDF5Error) -> Handle {
    let lengths = shape.map { hsize_t($0) }
    return try handle("make shape", closer: H5Sclose) {
      lengths.isEmpty ? H5Screate(H5S_SCALAR) : H5Screate_simple(Int32(lengths.count), lengths, nil)
    }
  }
}
