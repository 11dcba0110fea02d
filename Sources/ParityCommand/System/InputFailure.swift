import ArgumentParser

/// Something in the input or the output that leaves nothing to do: one line, exit status 2.
struct InputFailure: Error {
  private let message: String

  init(_ message: String) { self.message = message }

  /// Runs a command's body, and says in one line what left it nothing to do.
  static func reported(_ body: () throws -> Void) throws {
    do { try body() } catch let failure as InputFailure where Interruption.pending == nil {
      StandardError.complain(failure.message)
      throw ExitCode(2)
    }
  }
}
