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

  /// - Parameter chosen: the user's own; nil for what is usual, or for as much as the file's weights ask for.
  init(_ chosen: Int?, for file: SystemPath) {
    bytes = chosen ?? max(Self.usual, Self.asked(by: file))
  }

  /// By default, for a file of no great weights.
  private static let usual = 1 << 30

  /// What a worker has to have before it opens a file.
  static let least = 64 << 20

  /// Weights are held in the file's own type, widened, and prepared for the arithmetic.
  private static func asked(by file: SystemPath) -> Int {
    var info = stat()
    guard file.withCString({ stat($0, &info) }) == 0, Int(info.st_size) > usual / 8 else { return 0 }
    let (bytes, overflow) = FixtureWeights.bytes(inFileAt: file).multipliedReportingOverflow(by: 4)
    return overflow ? .max : bytes
  }
}
