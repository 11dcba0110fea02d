#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension CaseError: LocalizedError {
  /// The `description`.
  public var errorDescription: String? { description }
}
