import HDF5
import RecurrentParity

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Keeps a file on which HDF5 crashes from taking the results of all others with it.
///
/// HDF5 follows some damaged addresses out of its memory. That is rare, so at first files are read as if it could
/// not happen. When it does, before anything is printed, the process replaces itself by a careful one, which lets
/// a process of its own read each file first, and refuses those on which that one crashes.
enum CrashRecovery {
  private static let variable = "PARITY_READING"
  private static let carefully = "carefully"
  private static let forAnother = "for another process"

  /// Begins anew, carefully, should this process crash. Nothing may have been printed until then.
  static func arm() {
    let environment = ProcessInfo.processInfo.environment
    guard environment[variable] == nil else { return }
    replacement = Replacement(
      path: strdup(BundledFixtures.executablePath()), arguments: CommandLine.unsafeArgv,
      environment: strings(
        environment.merging([variable: carefully]) { $1 }.map { SystemPath("\($0)=\($1)") }))
    for number in [SIGSEGV, SIGBUS, SIGFPE, SIGABRT] { _ = signal(number, beginAnew) }
  }

  /// - Throws: where this is a careful process, and another one crashes on the file.
  static func check(_ file: SystemPath) throws(FixtureError) {
    let environment = ProcessInfo.processInfo.environment
    guard environment[variable] == carefully else { return }
    guard let number = signalOfReading(file, environment.merging([variable: forAnother]) { $1 }) else {
      return
    }
    throw FixtureError(
      file: file.description, path: "/",
      problem: "cannot read file: it is damaged, HDF5 crashes on it (signal \(number))"
    )
  }

  /// The signal that ends a process that reads the file; nil where none does, or where there is no such process.
  private static func signalOfReading(_ file: SystemPath, _ environment: [String: String]) -> Int32? {
    let path = BundledFixtures.executablePath()
    let arguments = strings([path, "inspect", "--"].map { SystemPath($0) } + [file])
    let variables = strings(environment.map { SystemPath("\($0)=\($1)") })
    defer { for list in [arguments, variables] { release(list) } }
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
    }
    var process = pid_t()
    guard posix_spawn(&process, path, &actions, nil, arguments, variables) == 0 else { return nil }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 { guard errno == EINTR else { return nil } }
    // WTERMSIG, a macro that Swift doesn't import.
    return status & 0x7F == 0 ? nil : status & 0x7F
  }

  /// As C has a list of strings.
  private static func strings(_ texts: [SystemPath]) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> {
    let list = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: texts.count + 1)
    for (index, text) in texts.enumerated() { (list + index).initialize(to: text.withCString { strdup($0) }) }
    (list + texts.count).initialize(to: nil)
    return list
  }

  private static func release(_ list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) {
    var next = list
    while let text = next.pointee {
      free(text)
      next += 1
    }
    list.deallocate()
  }
}

/// What a crashed process becomes.
private struct Replacement {
  let path: UnsafeMutablePointer<CChar>?
  let arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  let environment: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
}

/// Written once, before the handler that reads it is set.
nonisolated(unsafe) private var replacement: Replacement?

/// The handler of a signal: only what POSIX allows there.
private let beginAnew: @convention(c) (Int32) -> Void = { number in
  _ = signal(number, SIG_DFL)
  var none = sigset_t()
  sigemptyset(&none)
  sigprocmask(SIG_SETMASK, &none, nil)
  if let replacement, let path = replacement.path {
    execve(path, replacement.arguments, replacement.environment)
  }
  raise(number)
}
