#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A run that was ended from outside.
struct Interrupted: Error {
  /// How far it came.
  let message: String
}

/// The signals by which a person or a system ends a run: the command is to clear up, and then to end by them.
enum Interruption {
  private static let signals = [SIGINT, SIGTERM, SIGHUP]

  /// From here on such a signal is taken down instead of ending the process at once.
  static func arm() {
    guard pipeEnds == nil, let ends = try? Pipe() else { return }
    signalPipe = ends
    pipeEnds = (ends.readEnd.number, ends.writeEnd.number)
    unblock(signals)
    for number in signals {
      var action = sigaction()
      guard sigaction(number, nil, &action) == 0, !action.isIgnored else { continue }
      action = sigaction()
      action.set(takeDown)
      // Without SA_RESTART: what waits for a reader is to hear of it.
      _ = sigaction(number, &action, nil)
    }
  }

  /// The signal that came, if one did.
  static var pending: Int32? { received == 0 ? nil : received }

  /// Becomes readable when one comes; nil where nothing is armed.
  static var descriptor: Int32? { pipeEnds?.read }

  /// Ends this process as the signal would have, for a shell to see.
  static func finish() -> Never {
    let number = pending ?? SIGTERM
    _ = signal(number, SIG_DFL)
    raise(number)
    exit(128 + number)
  }
}

/// Lets signals through that whoever started this process held back from it, as threads of Dispatch do.
func unblock(_ numbers: [Int32]) {
  var set = sigset_t()
  sigemptyset(&set)
  for number in numbers { sigaddset(&set, number) }
  sigprocmask(SIG_UNBLOCK, &set, nil)
}

/// A handler of signals knows no other place to leave what it has to say.
nonisolated(unsafe) private var received: Int32 = 0
/// Keeps open what the next names. Both are written once, before a handler is set.
nonisolated(unsafe) private var signalPipe: Pipe?
nonisolated(unsafe) private var pipeEnds: (read: Int32, write: Int32)?

/// Only what POSIX allows in a handler.
private let takeDown: @convention(c) (Int32) -> Void = { number in
  let code = errno
  received = number
  var byte: UInt8 = 1
  if let end = pipeEnds?.write { _ = write(end, &byte, 1) }
  errno = code
}

extension sigaction {
  #if canImport(Darwin)
    fileprivate var isIgnored: Bool { unsafeBitCast(__sigaction_u.__sa_handler, to: Int.self) == 1 }
    fileprivate mutating func set(_ handler: @escaping @convention(c) (Int32) -> Void) {
      __sigaction_u.__sa_handler = handler
    }
  #else
    fileprivate var isIgnored: Bool { unsafeBitCast(__sigaction_handler.sa_handler, to: Int.self) == 1 }
    fileprivate mutating func set(_ handler: @escaping @convention(c) (Int32) -> Void) {
      __sigaction_handler.sa_handler = handler
    }
  #endif
}
