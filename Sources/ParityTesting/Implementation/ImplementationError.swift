/// What is wrong with the use of an implementation under test, or with what it returned.
public struct ImplementationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// "layer 0, forward: h"
  public let place: String
  /// One line.
  public let problem: String

  init(_ place: String, _ problem: String) {
    self.place = place
    self.problem = problem
  }

  init(_ place: String, expected: String, found: String) {
    self.init(place, "expected \(expected), found \(found)")
  }

  public var description: String { "\(place): \(problem)" }

  /// Whatever is thrown in the user's code, with the place where it was.
  static func wrapping<Result>(
    _ place: String, _ body: () throws -> Result
  ) throws(ImplementationError) -> Result {
    do { return try body() } catch let error as ImplementationError { throw error } catch {
      throw ImplementationError(place, "the implementation threw \(error)")
    }
  }
}

extension [Int] {
  /// "(12, 3, 5)"; a length that is not one is "?".
  var shapeText: String { "(" + map { $0 < 0 ? "?" : String($0) }.joined(separator: ", ") + ")" }
}
