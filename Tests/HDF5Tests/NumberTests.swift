import Dispatch
import HDF5
import Testing

@Suite struct NumberTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  static let storages: [Storage] = [
    .contiguous, .chunked([2, 2]), .gzip(chunk: [2, 3], level: 0), .gzip(chunk: [1, 2], level: 9),
  ]

  private func expectRoundTrip<T: Element & Equatable>(
    _ values: [T], _ storage: Storage, bigEndian: Bool
  ) throws {
    let file = try scratch.file {
      try $0.write("x", values, shape: [2, 3], storage: storage, bigEndian: bigEndian)
    }
    let dataset = try file.root.dataset("x")
    #expect(
      dataset.elementType.description.hasPrefix("big-endian")
        == (bigEndian && T.self != Int8.self && T.self != UInt8.self))
    #expect(dataset.shape == [2, 3])
    #expect(dataset.byteCount == 6 * MemoryLayout<T>.size)
    #expect(try dataset.read(as: T.self) == values)
  }

  @Test("Numbers of each type come back as they were written", arguments: storages, [false, true])
  func roundTrip(storage: Storage, bigEndian: Bool) throws {
    func integers<T: Element & FixedWidthInteger>(_: T.Type) throws {
      try expectRoundTrip([.min, .max, 0, 1, 2, T.max / 3], storage, bigEndian: bigEndian)
    }
    try integers(Int8.self)
    try integers(Int16.self)
    try integers(Int32.self)
    try integers(Int64.self)
    try integers(UInt8.self)
    try integers(UInt16.self)
    try integers(UInt32.self)
    try integers(UInt64.self)
    try expectRoundTrip(
      [Float.pi, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0, -1.5], storage,
      bigEndian: bigEndian)
    try expectRoundTrip(
      [Double.pi, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0, -1.5], storage,
      bigEndian: bigEndian)
  }

  @Test("Big-endian numbers are stored with the high byte first")
  func byteOrder() throws {
    _ = try scratch.file { try $0.write("x", [0x0102_0304] as [Int32], shape: [], bigEndian: true) }
    #expect(try scratch.bytes().firstRange(of: [1, 2, 3, 4]) != nil)
    #expect(try scratch.bytes().firstRange(of: [4, 3, 2, 1]) == nil)
  }

  #if !(os(macOS) && arch(x86_64))
    @Test("Each of the 65536 halves is read exactly", arguments: [false, true])
    func halves(bigEndian: Bool) throws {
      let halves = (0...UInt16.max).map { Float16(bitPattern: $0) }
      let file = try scratch.file {
        try $0.write(
          "x", halves.map(Float.init), shape: [halves.count],
          storedAs: .float(bits: 16, bigEndian: bigEndian))
      }
      let dataset = try file.root.dataset("x")
      #expect(dataset.elementType == .float(bits: 16, bigEndian: bigEndian))
      #expect(dataset.storedBytes == 2 * 65536)
      let floats = try dataset.read(as: Float.self)
      let doubles = try dataset.read(as: Double.self)
      var wrong: [Int] = []
      for (index, half) in halves.enumerated() {
        let isRight =
          half.isNaN
          ? floats[index].isNaN && doubles[index].isNaN
          : floats[index].bitPattern == Float(half).bitPattern
            && doubles[index].bitPattern == Double(half).bitPattern
        if !isRight { wrong.append(index) }
      }
      #expect(wrong.isEmpty)
    }
  #endif

  @Test("A NaN stays a NaN, and a negative zero negative")
  func specialValues() throws {
    let file = try scratch.file { try $0.write("x", [Float.nan, -0.0], shape: [2], bigEndian: true) }
    let values = try file.root.dataset("x").read(as: Double.self)
    #expect(values[0].isNaN)
    #expect(values[1] == 0 && values[1].sign == .minus)
  }

  @Test("Float32 is widened exactly, whatever there is of it", arguments: [nil, 3])
  func widened(chunk: Int?) throws {
    let special: [Float] = [.nan, -.infinity, -0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1, -3]
    // Around blocks of eight, which are widened together.
    for count in Array(1...17) + [64, 1001] {
      let values: [Float] = (0..<count).map { $0 % 8 < 7 ? special[$0 % 8] : 0.3 * Float($0) }
      let storage = chunk.map { Storage.chunked([min($0, count)]) } ?? .contiguous
      let file = try scratch.file { try $0.write("x", values, shape: [count], storage: storage) }
      let dataset = try file.root.dataset("x")
      func expect(_ widened: [Double], _ rows: Range<Int>) {
        #expect(widened.map { $0.bitPattern } == values[rows].map { Double($0).bitPattern })
      }
      expect(try dataset.readWidened(), 0..<count)
      for rows in [0..<count, 0..<count / 2, count / 3..<count, count..<count] {
        expect(try dataset.readWidened(rows: rows), rows)
      }
      #expect(throws: HDF5Error.self) { try dataset.readWidened(rows: 0..<count + 1) }
      try file.close()
    }
  }

  @Test("A long dataset is widened piece by piece on any threads as in one go", arguments: [false, true])
  func widenedInPieces(bigEndian: Bool) throws {
    let (rows, columns) = (1001, 301)
    let values = (0..<rows * columns).map { Float($0).squareRoot() }
    let file = try scratch.file {
      try $0.write("x", values, shape: [rows, columns], bigEndian: bigEndian)
      try $0.write("y", values.map { -$0 }, shape: [rows, columns], bigEndian: bigEndian)
    }
    for (name, sign) in [("x", 1.0), ("y", -1)] {
      for part in [0..<rows, 0..<400, 333..<rows, 500..<700] {
        let widened = try file.root.dataset(name).readWidened(rows: part) { count, body in
          DispatchQueue.concurrentPerform(iterations: count) { body($0) }
        }
        #expect(
          widened == values[part.lowerBound * columns..<part.upperBound * columns].map { sign * Double($0) })
      }
    }
  }

  @Test("What Float32 does not hold is not widened from it")
  func notWidened() throws {
    let file = try scratch.file {
      try $0.write("x", [1, 2] as [Double], shape: [2])
      try $0.write("y", [1] as [Float], shape: [])
    }
    for rows in [nil, 0..<1, 0..<0] {
      #expect(
        reason { try file.root.dataset("x").readWidened(rows: rows) }
          == "expected numbers that float32 holds exactly, found float64")
    }
    #expect(reason { try file.root.dataset("y").readWidened(rows: 0..<1) } == "a single value has no rows")
    #expect(try file.root.dataset("y").readWidened() == [1])
  }

  @Test("A single value has the shape [] and one element")
  func scalar() throws {
    let file = try scratch.file { try $0.write("x", [2.5] as [Double], shape: []) }
    let dataset = try file.root.dataset("x")
    #expect(dataset.shape == [])
    #expect(dataset.byteCount == 8)
    #expect(try dataset.read(as: Double.self) == [2.5])
    #expect(try dataset.read(as: Double.self, offset: [], count: []) == [2.5])
    #expect(reason { try dataset.read(as: Double.self, rows: 0..<1) } == "a single value has no rows")
  }

  @Test("A dataset without elements is read as none")
  func empty() throws {
    let file = try scratch.file { try $0.write("x", [] as [Float], shape: [3, 0]) }
    let dataset = try file.root.dataset("x")
    #expect(dataset.shape == [3, 0])
    #expect(try dataset.read(as: Float.self) == [])
    #expect(try dataset.read(as: Float.self, rows: 1..<3) == [])
    #expect(reason { try dataset.read(as: Int64.self) } == "expected an integer dataset, found float32")
  }

  @Test("Integers are read into each wider type")
  func widening() throws {
    let file = try scratch.file {
      try $0.write("u8", [0, 255] as [UInt8], shape: [2])
      try $0.write("i16", [-32768, 32767] as [Int16], shape: [2], bigEndian: true)
    }
    #expect(try file.root.dataset("u8").read(as: Int16.self) == [0, 255])
    #expect(try file.root.dataset("u8").read(as: UInt64.self) == [0, 255])
    #expect(try file.root.dataset("i16").read(as: Int64.self) == [-32768, 32767])
  }

  @Test("What a type cannot hold exactly is refused, with what was expected and what was found")
  func refusals() throws {
    let file = try scratch.file {
      try $0.write("f64", [1] as [Double], shape: [1])
      try $0.write("f32", [1] as [Float], shape: [1])
      try $0.write("u8", [1] as [UInt8], shape: [1])
      try $0.write("i32", [1] as [Int32], shape: [1], bigEndian: true)
      try $0.write("text", ["one"], shape: [1])
    }
    func read<T: Element>(_ name: String, _ type: T.Type) -> String? {
      reason { try file.root.dataset(name).read(as: type) }
    }
    #expect(read("f64", Float.self) == "expected numbers that float32 holds exactly, found float64")
    #expect(read("u8", Int8.self) == "expected numbers that int8 holds exactly, found uint8")
    #expect(read("i32", Int16.self) == "expected numbers that int16 holds exactly, found big-endian int32")
    #expect(read("i32", UInt64.self) == "expected numbers that uint64 holds exactly, found big-endian int32")
    #expect(read("i32", Double.self) == "expected a floating-point dataset, found big-endian int32")
    #expect(read("f32", Int64.self) == "expected an integer dataset, found float32")
    #expect(read("text", Float.self) == "expected a floating-point dataset, found a string")
    #expect(
      reason { try file.root.dataset("f32").readStrings() } == "expected a string dataset, found float32")
  }

  @Test("An error says which file, which path and what was being done")
  func errorFields() throws {
    let file = try scratch.file { try $0.write("a/x", [1] as [Float], shape: [1]) }
    let error = #expect(throws: HDF5Error.self) { try file.root.dataset("a/x").read(as: Int8.self) }
    #expect(
      error
        == HDF5Error(
          file: scratch.path(), path: "/a/x", operation: "read dataset",
          reason: "expected an integer dataset, found float32"))
    #expect(
      error?.description
        == "\(scratch.path()): cannot read dataset /a/x: expected an integer dataset, found float32")
  }

  @Test("Parts of a dataset are read as if cut out of the whole", arguments: storages)
  func parts(storage: Storage) throws {
    let file = try scratch.file {
      try $0.write("x", (0..<20).map { Int32($0) }, shape: [5, 4], storage: storage)
    }
    let dataset = try file.root.dataset("x")
    #expect(try dataset.read(as: Int32.self, rows: 1..<3) == [4, 5, 6, 7, 8, 9, 10, 11])
    #expect(try dataset.read(as: Int32.self, rows: 5..<5) == [])
    #expect(try dataset.read(as: Int64.self, offset: [3, 1], count: [2, 2]) == [13, 14, 17, 18])
    #expect(try dataset.read(as: Int64.self, offset: [0, 0], count: [5, 4]) == (0..<20).map { Int64($0) })
  }

  @Test(
    "A part that isn't inside of the dataset is refused",
    arguments: [
      ([0, 0], [6, 4]), ([5, 0], [1, 4]), ([-1, 0], [1, 4]), ([0], [5]), ([0, 0], [1, -1]),
      ([1, 1], [Int.max, 1]), ([Int.max, 0], [0, 0]),
    ])
  func outside(offset: [Int], count: [Int]) throws {
    let file = try scratch.file { try $0.write("x", (0..<20).map { Float($0) }, shape: [5, 4]) }
    let dataset = try file.root.dataset("x")
    #expect(
      reason { try dataset.read(as: Float.self, offset: offset, count: count) }
        == "offset \(offset) and count \(count) are outside of the shape [5, 4]")
  }

  @Test("Values that don't fill the shape aren't written")
  func shapeMismatch() throws {
    let file = try File(creating: scratch.path())
    let values: [Float] = [1, 2, 3]
    for shape in [[2], [], [4], [-3, -1], [.max, .max]] {
      #expect(
        reason { try file.root.write("x", values, shape: shape) } == "3 values don't fill the shape \(shape)")
    }
    #expect(try file.root.link("x") == nil)
  }

  @Test("Numbers are only stored as a type that holds them, floats rounded")
  func storedAs() throws {
    let root = try File(creating: scratch.path()).root
    #expect(
      reason {
        try root.write(
          "x", [1] as [Int64], shape: [1], storedAs: .integer(bits: 8, signed: true, bigEndian: false))
      } == "int64 cannot be stored as int8")
    #expect(
      reason { try root.write("x", [1] as [Int8], shape: [1], storedAs: .float(bits: 32, bigEndian: false)) }
        == "int8 cannot be stored as float32")
    let rounded = try root.write(
      "y", [0.1] as [Double], shape: [1], storedAs: .float(bits: 32, bigEndian: false))
    #expect(try rounded.read(as: Float.self) == [0.1])
  }

  @Test("Compression makes repetitive data small, and chunks must suit the shape")
  func storage() throws {
    let zeros = [Float](repeating: 0, count: 10000)
    let file = try scratch.file {
      try $0.write("x", zeros, shape: [10000], storage: .gzip(chunk: [10000], level: 6))
    }
    #expect(try file.root.dataset("x").byteCount == 40000)
    #expect(try (1..<400).contains(file.root.dataset("x").storedBytes))
    let root = try File(creating: scratch.path("other.h5")).root
    #expect(
      reason { try root.write("y", zeros, shape: [10000], storage: .chunked([10, 10])) }
        == "chunks of shape [10, 10] don't suit the shape [10000]")
    #expect(
      reason { try root.write("z", zeros, shape: [10000], storage: .gzip(chunk: [10], level: 10)) }
        == "gzip has no level 10")
  }
}
