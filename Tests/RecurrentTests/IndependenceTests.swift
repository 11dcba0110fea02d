import Foundation
import Testing

/// Who only wants recurrent networks in Swift, or to judge values that are in memory, needs no HDF5 on the machine.
@Suite struct IndependenceTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test(
    "Nothing that the networks, the judge and the reports import, directly or through other modules, is HDF5",
    arguments: ["Recurrent", "RecurrentParity", "ParityReport"])
  func imports(_ module: String) throws {
    var reached: Set<String> = []
    var open = [module]
    while let module = open.popLast() {
      guard reached.insert(module).inserted else { continue }
      open += try importedModules(of: module)
    }
    #expect(reached.contains("RealModule"), "the imports were not found")
    #expect(reached.isDisjoint(with: ["HDF5", "CHDF5", "ParityFixtures"]), "\(reached.sorted())")
    if module == "Recurrent" { #expect(!reached.contains("Foundation")) }
    // The same search finds it where it is.
    #expect(try importedModules(of: "ParityFixtures").contains("HDF5"))
  }

  @Test("The manifest gives the target Recurrent no dependency on HDF5")
  func manifest() throws {
    let manifest = try String(contentsOf: Self.root.appending(path: "Package.swift"), encoding: .utf8)
    let target = try #require(declaration(of: "Recurrent", in: manifest))
    #expect(target.contains("RealModule"))
    #expect(!target.contains("HDF5"))
    #expect(try #require(declaration(of: "ParityFixtures", in: manifest)).contains("HDF5"))
  }

  private func importedModules(of module: String) throws -> Set<String> {
    let folder = Self.root.appending(path: "Sources/\(module)")
    guard let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) else {
      return []
    }
    var modules: Set<String> = []
    for case let file as URL in files where file.pathExtension == "swift" {
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        let words = line.split(separator: " ")
        if let place = words.firstIndex(of: "import"),
          words[..<place].allSatisfy({ $0.hasPrefix("@") || $0 == "public" }),
          let name = words[(place + 1)...].first
        {
          modules.insert(String(name))
        }
      }
    }
    return modules
  }

  /// From `.target(` to the next target.
  private func declaration(of target: String, in manifest: String) -> Substring? {
    guard let name = manifest.range(of: #"\.target\(\s*name: "\#(target)""#, options: .regularExpression)
    else {
      return nil
    }
    let rest = manifest[name.upperBound...]
    let end = rest.range(of: #"\.\w*[tT]arget\("#, options: .regularExpression)?.lowerBound ?? rest.endIndex
    return rest[..<end]
  }
}
