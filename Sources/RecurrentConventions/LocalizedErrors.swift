import Recurrent

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension ConventionError: LocalizedError {
  /// The `description`.
  public var errorDescription: String? { description }
}

extension NotationError: LocalizedError {
  /// The `description`.
  public var errorDescription: String? { description }
}

/// Here, because `Recurrent` has no Foundation: a static program that only runs networks would be twice as large.
extension ActivationError: LocalizedError {
  /// The `description`.
  public var errorDescription: String? { description }
}
