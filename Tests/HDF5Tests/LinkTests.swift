import CHDF5
import HDF5
import Testing

@Suite struct LinkTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private func linkedFile() throws -> File {
    let other = try File(creating: scratch.path("other.h5"))
    try other.root.write("g/x", [1] as [Float], shape: [1])
    try other.close()
    return try scratch.file {
      try $0.write("g/x", [7] as [Int8], shape: [1])
      try $0.createSoftLink("toGroup", to: "/g")
      try $0.createSoftLink("toDataset", to: "g/x")
      try $0.createSoftLink("nowhere", to: "/no/where")
      try $0.createSoftLink("circle", to: "circle")
      try $0.createExternalLink("outside", toFile: "other.h5", path: "/g")
      try $0.createSoftLink("throughOutside", to: "/outside/x")
      try $0.createHardLink("g/up", to: "/")
    }
  }

  @Test("Each kind of link is reported as what it leads to")
  func kinds() throws {
    let root = try linkedFile().root
    #expect(try root.link("g") == .group)
    #expect(try root.link("g/x") == .dataset)
    #expect(try root.link("toGroup") == .group)
    #expect(try root.link("toGroup/x") == .dataset)
    #expect(try root.link("toDataset") == .dataset)
    #expect(try root.link("nowhere") == .dangling(target: "/no/where"))
    #expect(try root.link("circle") == .dangling(target: "circle"))
    #expect(try root.link("outside") == .external(file: "other.h5", path: "/g"))
    #expect(try root.link("throughOutside") == .external(file: "other.h5", path: "/g"))
    #expect(try root.link("absent") == nil)
    #expect(try root.link("absent/x") == nil)
    #expect(try root.link("g/x/deeper") == nil)
    #expect(try root.link("/") == .group)
    #expect(try root.group("g").link("/toGroup") == .group)
  }

  @Test("A datatype with a name is reported as one")
  func namedType() throws {
    let file = try scratch.rawFile { file in
      let type = chdf5_float_type(32, false)
      let none = chdf5_default_list()
      H5Tcommit2(file, "type", type, none, none, none)
      makeRawDataset(file, "x", type)
      H5Tclose(type)
    }
    #expect(try file.root.link("type") == .namedType)
    #expect(reason { try file.root.group("type") } == "expected a group, found a datatype")
    #expect(try file.root.dataset("x").read(as: Float.self) == [0, 0])
  }

  @Test("Opening the wrong thing says what was found instead")
  func wrongKinds() throws {
    let root = try linkedFile().root
    #expect(reason { try root.group("g/x") } == "expected a group, found a dataset")
    #expect(reason { try root.dataset("g") } == "expected a dataset, found a group")
    #expect(reason { try root.dataset("/") } == "expected a dataset, found a group")
    #expect(reason { try root.dataset("absent") } == "expected a dataset, found nothing")
    #expect(reason { try root.dataset("absent/x") } == "expected a dataset, found nothing")
    #expect(
      reason { try root.group("nowhere") }
        == "expected a group, found a soft link to /no/where, which doesn't exist")
    #expect(reason { try root.dataset("a\0b") } == "a name cannot hold a NUL")
  }

  @Test("An external link is never followed, neither itself, nor as part of a path, nor by a soft link")
  func external() throws {
    let root = try linkedFile().root
    let found = "found an external link to /g in other.h5, which is never followed"
    #expect(reason { try root.group("outside") } == "expected a group, " + found)
    #expect(reason { try root.dataset("outside/x") } == "expected a group, " + found)
    #expect(reason { try root.link("outside/x") } == "expected a group, " + found)
    #expect(reason { try root.dataset("throughOutside") } == "expected a dataset, " + found)
    let writable = try File(creating: scratch.path("new.h5")).root
    try writable.createExternalLink("outside", toFile: "other.h5", path: "/g")
    #expect(reason { try writable.createGroup("outside/new") }?.contains("never followed") == true)
    #expect(reason { try writable.createHardLink("x", to: "outside/x") }?.contains("never followed") == true)
  }

  @Test("A path leads to the same object by each of its names")
  func paths() throws {
    let root = try linkedFile().root
    #expect(try root.dataset("toGroup/x").read(as: Int8.self) == [7])
    #expect(try root.group("g").dataset("/g/x").path == "/g/x")
    #expect(try root.dataset("./g//x").address == root.dataset("toDataset").address)
    #expect(try root.group("g/up/g/up").address == root.address)
    #expect(try root.group("g").address != root.address)
    #expect(try root.group("g/up/g").path == "/g/up/g")
  }

  @Test("Names are in the order of their bytes")
  func order() throws {
    let names = ["Z", "a", "a0", "a10", "a9", "e\u{301}", "z", "é", "日"]
    let file = try scratch.file {
      for name in names.reversed() {
        try $0.createGroup(name)
        try $0.setAttribute(name, 1)
      }
    }
    #expect(try file.root.names().map { Array($0.utf8) } == names.map { Array($0.utf8) })
    #expect(try file.root.attributeNames().map { Array($0.utf8) } == names.map { Array($0.utf8) })
  }

  @Test("A name that is taken isn't taken again")
  func taken() throws {
    let root = try File(creating: scratch.path()).root
    try root.createGroup("x")
    let error = #expect(throws: HDF5Error.self) { try root.write("x", [1] as [Float], shape: [1]) }
    #expect(error?.reason == "name already exists")
    #expect(error?.stack.isEmpty == false)
    #expect(reason { try root.createGroup("/") } == "\"/\" cannot be a name")
  }
}
