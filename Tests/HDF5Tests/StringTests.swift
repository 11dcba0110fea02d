import CHDF5
import HDF5
import Testing

@Suite struct StringTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  static let formats: [StringFormat] = [false, true].flatMap { utf8 in
    [StringFormat(utf8: utf8)]
      + [.nullTerminated, .nullPadded, .spacePadded].map {
        StringFormat(fixedLength: 6, padding: $0, utf8: utf8)
      }
  }

  @Test("Strings come back without their padding", arguments: formats)
  func roundTrip(format: StringFormat) throws {
    let strings = ["", "a", " b", "seven"] + (format.utf8 ? ["é", "日"] : ["~", "x y"])
    let file = try scratch.file {
      try $0.write("x", strings, shape: [2, 3], as: format)
      try $0.setAttribute("array", strings, as: format)
      try $0.setAttribute("one", strings[4], as: format)
    }
    let dataset = try file.root.dataset("x")
    #expect(dataset.elementType == .string(fixedLength: format.fixedLength, utf8: format.utf8))
    #expect(dataset.shape == [2, 3])
    #expect(try dataset.readStrings() == strings)
    #expect(try file.root.attribute("array")?.strings() == strings)
    #expect(try file.root.attribute("one")?.string() == strings[4])
    #expect(try file.root.attribute("one")?.shape == [])
  }

  @Test("A string may fill its whole length, but for the NUL that ends it")
  func exactFit() throws {
    let file = try scratch.file {
      try $0.setAttribute("padded", "abc", as: StringFormat(fixedLength: 3))
      try $0.setAttribute("spaces", "abc", as: StringFormat(fixedLength: 3, padding: .spacePadded))
    }
    #expect(try file.root.attribute("padded")?.string() == "abc")
    #expect(try file.root.attribute("spaces")?.string() == "abc")
  }

  @Test("A string that the format cannot hold isn't written")
  func unwritable() throws {
    let root = try File(creating: scratch.path()).root
    func write(_ string: String, _ format: StringFormat) -> String? {
      reason { try root.setAttribute("x", string, as: format) }
    }
    #expect(
      write("abc", StringFormat(fixedLength: 3, padding: .nullTerminated)) == "\"abc\" is longer than 2 bytes"
    )
    #expect(write("éé", StringFormat(fixedLength: 3)) == "\"éé\" is longer than 3 bytes")
    #expect(write("é", StringFormat(utf8: false)) == "\"é\" is not ASCII")
    #expect(write("a\0b", StringFormat()) == "a string of variable length cannot hold a NUL")
    #expect(write("", StringFormat(fixedLength: 0)) == "a fixed length of 0")
    #expect(try root.attributeNames() == [])
  }

  @Test("Strings that aren't UTF-8 are refused by number")
  func invalidUTF8() throws {
    let file = try scratch.rawFile { file in
      let type = chdf5_string_type(2, false, H5T_STR_NULLPAD, true)
      makeRawDataset(file, "x", type)
      let dataset = H5Dopen2(file, "x", chdf5_default_list())
      let bytes: [UInt8] = [0x61, 0, 0xC3, 0x28]
      H5Dwrite(dataset, type, chdf5_whole_space(), chdf5_whole_space(), chdf5_default_list(), bytes)
      H5Dclose(dataset)
      H5Tclose(type)
    }
    #expect(reason { try file.root.dataset("x").readStrings() } == #"invalid UTF-8 in string 1: "\xC3(""#)
  }

  @Test("Strings of variable length that were never written are empty")
  func neverWritten() throws {
    let file = try scratch.rawFile { file in
      let type = chdf5_string_type(0, true, H5T_STR_NULLTERM, true)
      makeRawDataset(file, "x", type)
      H5Tclose(type)
    }
    #expect(try file.root.dataset("x").readStrings() == ["", ""])
  }

  @Test("Many long strings can be read again and again")
  func manyReads() throws {
    let strings = (0..<2000).map { String(repeating: "\($0) ", count: 50) }
    let file = try scratch.file { try $0.write("x", strings, shape: [2000]) }
    for _ in 0..<20 { #expect(try file.root.dataset("x").readStrings() == strings) }
  }
}
