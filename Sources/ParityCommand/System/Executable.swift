#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if canImport(Darwin)
  import Darwin
#endif

/// The program itself.
enum Executable {
  /// Its path, for a process of the same program to be started from.
  static var path: String {
    #if canImport(Darwin)
      var capacity: UInt32 = 0
      _NSGetExecutablePath(nil, &capacity)
      var path = [CChar](repeating: 0, count: Int(capacity))
      _NSGetExecutablePath(&path, &capacity)
      return String(decoding: path.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    #else
      let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
      return link ?? CommandLine.arguments[0]
    #endif
  }
}
