#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension FixtureError: LocalizedError {
  /// The `description`.
  public var errorDescription: String? { description }
}
