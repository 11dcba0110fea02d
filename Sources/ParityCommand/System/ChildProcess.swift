import HDF5

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A process that this one started, and talks with through pipes.
struct ChildProcess {
  let id: pid_t
  /// What it reads as its standard input; what it writes to its standard output, and to its standard error.
  let input: Descriptor
  let output: Descriptor
  let errors: Descriptor

  init(
    executable: SystemPath, arguments: [SystemPath], environment: [String: String]
  ) throws(OutputError) {
    let (input, output, errors) = (try Pipe(), try Pipe(), try Pipe())
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input.readEnd.number, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, output.writeEnd.number, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, errors.writeEnd.number, STDERR_FILENO)
    var process = pid_t()
    let status = executable.withCString { path in
      withCStrings([executable] + arguments) { arguments in
        withCStrings(environment.map { SystemPath("\($0)=\($1)") }) { environment in
          posix_spawn(&process, path, &actions, nil, arguments, environment)
        }
      }
    }
    guard status == 0 else { throw OutputError(status) }
    id = process
    (self.input, self.output, self.errors) = (input.writeEnd, output.readEnd, errors.readEnd)
  }

  /// How a process came to its end.
  struct End {
    enum Way: Equatable {
      case exit(Int32)
      case signal(Int32)
    }

    let way: Way
    /// The most memory that it had at a time, in bytes.
    let peak: Int
  }

  func kill() { _ = systemKill(id, SIGKILL) }

  /// Waits for the end, of which the system then forgets.
  func wait() -> End {
    var status: Int32 = 0
    var usage = rusage()
    while wait4(id, &status, 0, &usage) < 0 {
      guard errno == EINTR else { return End(way: .exit(0), peak: 0) }
    }
    #if canImport(Darwin)
      let unit = 1
    #else
      let unit = 1024
    #endif
    // WIFSIGNALED, WTERMSIG and WEXITSTATUS, macros that Swift doesn't import.
    let number = status & 0x7F
    return End(
      way: number == 0 ? .exit(status >> 8 & 0xFF) : .signal(number), peak: Int(usage.ru_maxrss) * unit)
  }
}

private func systemKill(_ process: pid_t, _ number: Int32) -> Int32 { kill(process, number) }

/// As C has a list of strings.
private func withCStrings<Result>(
  _ texts: [SystemPath], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
  let list = texts.map { $0.withCString { strdup($0) } }
  defer { for text in list { free(text) } }
  return body(list + [nil])
}
