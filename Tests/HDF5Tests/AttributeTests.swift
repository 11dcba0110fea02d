import CHDF5
import HDF5
import Testing

@Suite struct AttributeTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  @Test("Values come back from groups and datasets")
  func roundTrip() throws {
    func set(_ object: some FileObject) throws {
      try object.setAttribute("yes", true)
      try object.setAttribute("no", false)
      try object.setAttribute("int", Int.min)
      try object.setAttribute("double", 0.1)
      try object.setAttribute(
        "ints", [1, -2] as [Int16], storedAs: .integer(bits: 64, signed: true, bigEndian: true))
      try object.setAttribute("doubles", [1.5, 2.5] as [Float])
    }
    let file = try scratch.file {
      try set($0)
      try set($0.write("x", [1] as [Float], shape: [1]))
    }
    func check(_ object: some FileObject) throws {
      #expect(try object.attribute("yes")?.bool() == true)
      #expect(try object.attribute("no")?.bool() == false)
      #expect(try object.attribute("yes")?.elementType == .boolean)
      #expect(try object.attribute("int")?.int() == .min)
      #expect(try object.attribute("double")?.double() == 0.1)
      #expect(try object.attribute("ints")?.ints() == [1, -2])
      #expect(try object.attribute("ints")?.doubles() == [1, -2])
      #expect(try object.attribute("doubles")?.doubles() == [1.5, 2.5])
      #expect(try object.attribute("doubles")?.shape == [2])
      #expect(try object.attribute("none")?.name == nil)
      #expect(try object.attributeNames() == ["double", "doubles", "int", "ints", "no", "yes"])
    }
    try check(file.root)
    try check(file.root.dataset("x"))
    #expect(try file.root.dataset("x").attribute("yes")?.path == "/x")
  }

  @Test("Setting an attribute again replaces it, whatever it was")
  func replacing() throws {
    let file = try scratch.file {
      try $0.setAttribute("x", "text")
      try $0.setAttribute("x", 3)
    }
    #expect(try file.root.attribute("x")?.int() == 3)
    #expect(try file.root.attributeNames() == ["x"])
  }

  @Test("Integers of each width and sign are read as Int")
  func integers() throws {
    func expect<T: Element & FixedWidthInteger>(_ value: T) throws {
      let file = try scratch.file { try $0.setAttribute("x", [value], shape: []) }
      #expect(try file.root.attribute("x")?.int() == Int(value))
    }
    try expect(Int8.min)
    try expect(Int16.min)
    try expect(Int32.min)
    try expect(Int64.min)
    try expect(UInt8.max)
    try expect(UInt16.max)
    try expect(UInt32.max)
    try expect(UInt64(Int.max))
  }

  @Test("What isn't exact isn't converted")
  func refusals() throws {
    let file = try scratch.file {
      try $0.setAttribute("large", [UInt64.max], shape: [])
      try $0.setAttribute("odd", (1 << 53) + 1)
      try $0.setAttribute("float", 1.0)
      try $0.setAttribute("two", 2)
      try $0.setAttribute("pair", [1, 2] as [Int8])
      try $0.setAttribute("text", "1")
      try $0.setAttribute("yes", true)
    }
    func get<T>(_ name: String, _ read: (Attribute) throws -> T) -> String? {
      reason { try read(#require(try file.root.attribute(name))) }
    }
    #expect(get("large") { try $0.int() } == "18446744073709551615 is too large")
    #expect(get("odd") { try $0.double() } == "9007199254740993 is not exact as float64")
    #expect(get("float") { try $0.int() } == "expected an integer attribute, found float64")
    #expect(get("two") { try $0.bool() } == "expected 0 or 1, found 2")
    #expect(get("pair") { try $0.int() } == "expected a single value, found 2 in shape [2]")
    #expect(get("text") { try $0.int() } == "expected an integer attribute, found a string")
    #expect(get("text") { try $0.bool() } == "expected a boolean attribute, found a string")
    #expect(get("yes") { try $0.int() } == "expected an integer attribute, found a boolean")
    #expect(get("two") { try $0.string() } == "expected a string attribute, found int64")
  }

  @Test("The integers 0 and 1 are bools, and an array of one is a single value")
  func leniency() throws {
    let file = try scratch.file {
      try $0.setAttribute("one", [1] as [UInt8])
      try $0.setAttribute("zero", 0)
    }
    #expect(try file.root.attribute("one")?.bool() == true)
    #expect(try file.root.attribute("one")?.int() == 1)
    #expect(try file.root.attribute("zero")?.bool() == false)
  }

  @Test("An empty attribute has no values")
  func null() throws {
    let file = try scratch.rawFile { file in
      let space = H5Screate(H5S_NULL)
      let type = chdf5_float_type(32, false)
      H5Aclose(H5Acreate2(file, "x", type, space, chdf5_default_list(), chdf5_default_list()))
      H5Tclose(type)
      H5Sclose(space)
    }
    let attribute = try #require(try file.root.attribute("x"))
    #expect(attribute.shape == [0])
    #expect(try attribute.doubles() == [])
    #expect(reason { try attribute.double() } == "expected a single value, found 0 in shape [0]")
  }

  @Test("An error names the owner and the attribute")
  func errorPath() throws {
    let file = try scratch.file { try $0.createGroup("a/b").setAttribute("x", "one") }
    let error = #expect(throws: HDF5Error.self) { try file.root.group("a/b").attribute("x")?.int() }
    #expect(error?.path == "/a/b@x")
    #expect(error?.operation == "read attribute")
  }
}
