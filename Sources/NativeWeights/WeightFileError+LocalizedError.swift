#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension WeightFileError: LocalizedError {
  /// The `description`.
  public var errorDescription: String? { description }
}
