#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

enum StandardStreams {
  /// Makes writing to a pipe that nobody reads an error like others, and a closed stream one that cannot be
  /// written: else the next file that is opened takes its place.
  static func prepare() {
    _ = signal(SIGPIPE, SIG_IGN)
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", descriptor == STDOUT_FILENO ? O_RDONLY : O_RDWR)
    }
  }
}

/// The channel for results.
enum StandardOutput {
  /// A reader that has seen enough is no failure.
  static func write(_ text: String) throws(InputFailure) { try write([StoredText(text)]) }

  static func write(_ texts: [StoredText]) throws(InputFailure) {
    do { try OutputFile.write(texts, to: STDOUT_FILENO) } catch {
      guard error.code != EPIPE else { return }
      throw InputFailure("standard output: the report cannot be written: \(error)")
    }
  }
}
