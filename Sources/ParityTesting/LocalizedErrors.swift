#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension ImplementationError: LocalizedError {
  /// The `description`.
  public var errorDescription: String? { description }
}

extension ParityFailure: LocalizedError {
  /// The `description`.
  public var errorDescription: String? { description }
}
