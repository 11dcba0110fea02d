import CHDF5

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Where the Float32 numbers of a dataset lie one after the other in a file that is only read. Any thread reads some of
/// them there, while HDF5 works for one at a time.
struct ContiguousFloats: Sendable {
  /// Keeps the descriptor open.
  private let file: Handle
  private let descriptor: Int32
  /// In bytes.
  private let start: Int

  /// Nil where they do not lie so.
  init?(_ dataset: ObjectReference, _ elementType: ElementType) {
    guard elementType == .float(bits: 32, bigEndian: UInt16(1).littleEndian != 1),
      let file = dataset.site.fileHandle
    else { return nil }
    var (offset, descriptor): (haddr_t, Int32) = (0, -1)
    let isFound = Library.shared.locked {
      !file.isClosed && chdf5_find_data(file.id, dataset.handle.id, &offset, &descriptor)
    }
    guard isFound, let start = Int(exactly: offset) else { return nil }
    (self.file, self.descriptor, self.start) = (file, descriptor, start)
  }

  /// Reads the numbers of a range and widens them.
  ///
  /// - Parameter memory: for as many values, the first of which is the range's.
  /// - Returns: whether the file holds them all.
  func readWidened(_ range: Range<Int>, into memory: UnsafeMutablePointer<Double>) -> Bool {
    let stride = MemoryLayout<Float>.stride
    let (skipped, overflow) = range.lowerBound.multipliedReportingOverflow(by: stride)
    let (offset, isBeyond) = start.addingReportingOverflow(skipped)
    guard !overflow, !isBeyond else { return false }
    let bytes = UnsafeMutableRawPointer(memory) + stride * range.count
    var done = 0
    while done < stride * range.count {
      let count = pread(descriptor, bytes + done, stride * range.count - done, off_t(offset + done))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      done += count
    }
    widen(memory, count: range.count)
    return true
  }
}

/// Runs a body for each of so many pieces of some work, on any threads, and returns when all are done.
package typealias PieceLoop = (_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> Void

extension ContiguousFloats {
  /// Few enough that a piece stays in cache while it is widened.
  private static let pieceLength = 1 << 15

  /// The numbers of a range, widened, piece by piece; nil where the file does not hold them all.
  func widened(_ range: Range<Int>, _ loop: PieceLoop) -> [Double]? {
    let pieces = (range.count + Self.pieceLength - 1) / Self.pieceLength
    var areRead = false
    let values = [Double](unsafeUninitializedCapacity: range.count) { buffer, initialized in
      guard let start = buffer.baseAddress else { return }
      let outcomes = [Bool](unsafeUninitializedCapacity: pieces) { flags, initialized in
        let memory = Memory(values: start, areRead: flags.baseAddress)
        loop(pieces) { piece in
          let first = piece * Self.pieceLength
          let part = range.dropFirst(first).prefix(Self.pieceLength)
          let isRead = readWidened(part, into: memory.values + first)
          (memory.areRead.map { $0 + piece })?.initialize(to: isRead)
        }
        initialized = pieces
      }
      areRead = outcomes.allSatisfy { $0 }
      initialized = areRead ? range.count : 0
    }
    return areRead ? values : nil
  }

  /// Each piece has its own part of it, so sharing the pointers is safe.
  private struct Memory: @unchecked Sendable {
    let values: UnsafeMutablePointer<Double>
    let areRead: UnsafeMutablePointer<Bool>?
  }
}
