import CHDF5
import HDF5
import Testing

/// What HDF5 has and this module doesn't read.
@Suite struct UnsupportedTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  @Test("Other types are named and refused")
  func types() throws {
    let file = try scratch.rawFile { file in
      let float = chdf5_float_type(32, false)
      let int = chdf5_integer_type(16, true, false)
      let compound = H5Tcreate(H5T_COMPOUND, 4)
      H5Tinsert(compound, "a", 0, float)
      let array = H5Tarray_create2(float, 1, [3])
      let sequence = H5Tvlen_create(float)
      let brain = H5Tcopy(float)
      H5Tset_fields(brain, 15, 7, 8, 0, 7)
      H5Tset_size(brain, 2)
      let narrow = H5Tcopy(int)
      H5Tset_precision(narrow, 12)
      let choice = H5Tenum_create(int)
      var value: Int16 = 5
      H5Tenum_insert(choice, "FIVE", &value)
      let types = [
        ("compound", compound), ("array", array), ("sequence", sequence), ("brain", brain),
        ("narrow", narrow), ("choice", choice), ("opaque", H5Tcreate(H5T_OPAQUE, 3)),
      ]
      for (name, type) in types {
        makeRawDataset(file, name, type)
        H5Tclose(type)
      }
      H5Tclose(float)
      H5Tclose(int)
    }
    let descriptions = [
      "compound": "compound", "array": "array", "sequence": "variable-length sequence",
      "brain": "non-IEEE 16-bit float", "narrow": "padded 16-bit integer", "choice": "enumeration",
      "opaque": "opaque",
    ]
    for (name, description) in descriptions {
      let dataset = try file.root.dataset(name)
      #expect(dataset.elementType == .other(description))
      #expect(
        reason { try dataset.read(as: Float.self) }
          == "expected a floating-point dataset, found \(description) data")
      #expect(
        reason { try dataset.read(as: Int64.self) }
          == "expected an integer dataset, found \(description) data")
      #expect(
        reason { try dataset.readStrings() } == "expected a string dataset, found \(description) data")
    }
  }

  @Test("A dataset whose data are in another file is refused, though its shape can be seen")
  func external() throws {
    try scratch.replace(.init(count: 16), "data.bin")
    let file = try scratch.rawFile { file in
      let type = chdf5_float_type(32, false)
      let creation = chdf5_create_dataset_creation()
      H5Pset_external(creation, scratch.path("data.bin"), 0, 8)
      makeRawDataset(file, "x", type, creation: creation)
      H5Pclose(creation)
      H5Tclose(type)
    }
    let dataset = try file.root.dataset("x")
    #expect(dataset.shape == [2])
    let refusal = "its data are in another file, which is never read"
    #expect(reason { try dataset.read(as: Float.self) } == refusal)
    #expect(reason { try dataset.read(as: Float.self, rows: 0..<1) } == refusal)
    #expect(reason { try dataset.readStrings() } == refusal)
  }

  @Test("A virtual dataset is refused")
  func virtual() throws {
    let file = try scratch.rawFile { file in
      let type = chdf5_float_type(32, false)
      let creation = chdf5_create_dataset_creation()
      let space = H5Screate_simple(1, [2], nil)
      H5Pset_virtual(creation, space, "other.h5", "/x", space)
      makeRawDataset(file, "x", type, creation: creation)
      H5Sclose(space)
      H5Pclose(creation)
      H5Tclose(type)
    }
    #expect(try file.root.link("x") == .dataset)
    #expect(
      reason { try file.root.dataset("x") } == "a virtual dataset, whose data are elsewhere")
  }

  @Test("A declared size beyond all memory is refused before memory is asked for")
  func hugeShapes() throws {
    let file = try scratch.rawFile { file in
      let type = chdf5_float_type(32, false)
      let text = chdf5_string_type(1 << 20, false, H5T_STR_NULLPAD, true)
      let creation = chdf5_create_dataset_creation()
      H5Pset_chunk(creation, 2, [1, 1])
      makeRawDataset(file, "large", type, [1 << 40, 1 << 20], creation: creation)
      makeRawDataset(file, "overflow", type, [1 << 40, 1 << 40], creation: creation)
      makeRawDataset(file, "text", text, [1 << 30, 1 << 20], creation: creation)
      H5Pclose(creation)
      H5Tclose(text)
      H5Tclose(type)
    }
    let large = try file.root.dataset("large")
    #expect(large.byteCount == 1 << 62)
    #expect(large.storedBytes == 0)
    #expect(reason { try large.read(as: Float.self) } == "no memory for \(1 << 60) elements of 4 bytes")
    #expect(reason { try large.read(as: Double.self) } == "no memory for \(1 << 60) elements of 8 bytes")
    let overflow = try file.root.dataset("overflow")
    #expect(overflow.byteCount == nil)
    #expect(
      reason { try overflow.read(as: Float.self) } == "its shape \(overflow.shape) is too large")
    #expect(
      reason { try file.root.dataset("text").readStrings() }
        == "no memory for \(1 << 50) elements of \(1 << 20) bytes")
  }
}
