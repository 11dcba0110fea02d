/// Something in the input or the output that leaves nothing to do: one line, exit status 2.
struct InputFailure: Error {
  private let message: String

  init(_ message: String) { self.message = message }

  func print() { StandardError.print("parity: \(message)\n") }
}
