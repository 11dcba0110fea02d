import CHDF5
import Foundation
import HDF5
import Testing

@Suite struct FileTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private func open(_ name: String = "file.h5") -> String? {
    reason { try File(reading: scratch.path(name)) }
  }

  @Test("What isn't a readable HDF5 file is refused in plain words")
  func unreadable() throws {
    #expect(open("absent.h5") == "no such file")
    #expect(open(".") == "is a directory")
    try scratch.replace(Data("not HDF5 at all".utf8))
    #expect(open() == "not an HDF5 file")
    try scratch.replace(Data())
    #expect(open() == "not an HDF5 file")
    #expect(mkfifo(scratch.path("pipe"), 0o600) == 0)
    #expect(open("pipe") == "not a regular file")
  }

  @Test("A file without permission says so", .enabled(if: geteuid() != 0, "root may read everything"))
  func permission() throws {
    try File(creating: scratch.path()).close()
    #expect(chmod(scratch.path(), 0) == 0)
    #expect(open() == "permission denied")
  }

  @Test("A file cannot be made where there is no folder, or where a folder is")
  func uncreatable() throws {
    #expect(reason { try File(creating: scratch.path("no/file.h5")) } == "no such file")
    #expect(reason { try File(creating: scratch.folder) } == "is a directory")
  }

  @Test("A truncated file is called one")
  func truncated() throws {
    _ = try scratch.file { try $0.write("x", [Float](repeating: 1, count: 10000), shape: [10000]) }
    let whole = try scratch.bytes()
    try scratch.replace(whole.prefix(whole.count / 2))
    #expect(open()?.hasPrefix("truncated file") == true)
  }

  @Test("Damaged compressed data are an error, not values")
  func damagedChunk() throws {
    let values = (0..<4096).map { Float($0 * 7919 % 4096) }
    _ = try scratch.file { try $0.write("x", values, shape: [4096], storage: .gzip(chunk: [4096], level: 6)) }
    var bytes = try scratch.bytes()
    // The compressed chunk is by far the largest thing in the file: its middle is in the file's middle.
    let middle = bytes.count / 2
    for index in middle..<middle + 64 { bytes[index] ^= 0xFF }
    try scratch.replace(bytes)
    let dataset = try File(reading: scratch.path()).root.dataset("x")
    let error = #expect(throws: HDF5Error.self) { try dataset.read(as: Float.self) }
    #expect(error?.reason == "inflate() failed")
    #expect((error?.stack.count ?? 0) > 1)
    #expect(error?.operation == "read dataset")
  }

  @Test("A file cut off anywhere is refused")
  func cutAnywhere() throws {
    _ = try scratch.file {
      try $0.write("g/x", [1, 2, 3] as [Float], shape: [3], storage: .gzip(chunk: [3], level: 6))
      try $0.setAttribute("a", "text")
    }
    let whole = try scratch.bytes()
    for length in stride(from: 0, to: whole.count, by: 61) {
      try scratch.replace(whole.prefix(length))
      #expect(throws: HDF5Error.self, "cut at \(length)") { try File(reading: scratch.path()) }
    }
  }

  @Test("What is in a file keeps it open, until it is closed")
  func lifetime() throws {
    var file: File? = try scratch.file { try $0.write("g/x", [1] as [Float], shape: [1]) }
    let dataset = try #require(try file?.root.group("g").dataset("x"))
    file = nil
    #expect(try dataset.read(as: Float.self) == [1])

    let other = try File(reading: scratch.path())
    let otherDataset = try other.root.dataset("g/x")
    try other.close()
    try other.close()
    #expect(reason { try otherDataset.read(as: Float.self) } == "the file is closed")
    #expect(reason { try other.root.names() } == "the file is closed")
    #expect(reason { try other.flush() } == "the file is closed")
    #expect(try dataset.read(as: Float.self) == [1])
  }

  @Test("A file that is only read cannot be written")
  func readOnly() throws {
    let file = try scratch.file { _ in }
    #expect(reason { try file.root.createGroup("x") }?.contains("no write intent") == true)
    #expect(reason { try file.root.setAttribute("x", 1) }?.contains("no write intent") == true)
  }

  @Test("The same contents make the same bytes")
  func deterministic() throws {
    func write() throws -> Data {
      try scratch.file {
        try $0.write("g/x", [1, 2] as [Float], shape: [2], storage: .gzip(chunk: [2], level: 6))
        try $0.setAttribute("a", "text")
      }.close()
      return try scratch.bytes()
    }
    let first = try write()
    sleep(1)
    #expect(try write() == first)
  }

  @Test("Many threads can read one file")
  func threads() async throws {
    let file = try scratch.file {
      for index in 0..<8 {
        try $0.write(
          "x\(index)", [Int32](repeating: Int32(index), count: 1000), shape: [1000],
          storage: .gzip(chunk: [100], level: 1))
      }
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<64 {
        group.addTask {
          let name = "x\(task % 8)"
          let values = try file.root.dataset(name).read(as: Int32.self)
          #expect(values == [Int32](repeating: Int32(task % 8), count: 1000))
          #expect(reason { try file.root.dataset(name).readStrings() } != nil)
        }
      }
      try await group.waitForAll()
    }
  }
}
