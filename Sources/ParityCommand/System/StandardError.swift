import ParityReport

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The channel for progress and complaints; results go to standard output.
enum StandardError {
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// One line of what is wrong, names of files in it.
  static func complain(_ message: String) { print("parity: \(message.printable)\n") }

  static func print(_ text: String) {
    _ = text.withCString { write(STDERR_FILENO, $0, strlen($0)) }
  }
}
