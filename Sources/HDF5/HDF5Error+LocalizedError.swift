#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension HDF5Error: LocalizedError {
  /// The `description`.
  public var errorDescription: String? { description }
}
