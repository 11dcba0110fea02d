import HDF5
import ParityFixtures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The memory that a worker may have for a file.
struct MemoryLimit {
  let bytes: Int

  /// - Parameters:
  ///   - chosen: the user's own; nil for what is usual, or for as much as the files' weights ask for.
  ///   - files: all that are held at a time.
  init(_ chosen: Int?, for files: [SystemPath], _ work: WorkerTask.Work) {
    self.init(chosen, weights: files.map { Self.weights(in: $0, work) }, work)
  }

  /// - Parameter weights: the bytes that they take in each file.
  init(_ chosen: Int?, weights: [Int], _ work: WorkerTask.Work) {
    let sum = weights.reduce(0) { $0.addingReportingOverflow($1).overflow ? .max : $0 + $1 }
    let (asked, overflow) = sum.multipliedReportingOverflow(by: Self.multiple(work))
    bytes = chosen ?? max(Self.usual, overflow ? .max : asked)
  }

  /// By default, for a file of no great weights.
  private static let usual = 1 << 30

  /// What a worker has to have before it opens a file.
  static let least = 64 << 20

  /// How much of the weights is held.
  ///
  /// To be judged, in the file's own type, widened, and prepared for the arithmetic. To be converted or compared, each
  /// value of 2 bytes or more as several of 8: as it is read, as the cell's, and as the other framework's and its bytes,
  /// or in every order that is tried of a file that differs.
  private static func multiple(_ work: WorkerTask.Work) -> Int {
    switch work {
    case .judge, .inspect, .identify: 4
    case .compareWeights, .convert: 32
    }
  }

  /// Of a file that is too small to matter 0.
  private static func weights(in file: SystemPath, _ work: WorkerTask.Work) -> Int {
    var info = stat()
    guard file.withCString({ stat($0, &info) }) == 0 else { return 0 }
    let size = Int(info.st_size)
    guard size > usual / (2 * multiple(work)) else { return 0 }
    let inFixture = FixtureWeights.bytes(inFileAt: file)
    switch work {
    case .compareWeights, .convert: return inFixture > 0 ? inFixture : size
    case .judge, .inspect, .identify: return inFixture
    }
  }
}
