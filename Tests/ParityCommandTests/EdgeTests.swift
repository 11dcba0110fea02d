import Foundation
import Testing

/// A file of a framework, by how it begins.
struct ForeignFile: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let kind: String
  let bytes: [UInt8]

  init(_ description: String, _ kind: String, _ bytes: [UInt8]) {
    testDescription = description
    self.kind = kind
    self.bytes = bytes
  }

  /// An archive whose first file has the name.
  private static func archive(_ name: String) -> [UInt8] {
    Array("PK\u{3}\u{4}".utf8) + [UInt8](repeating: 0, count: 22) + [UInt8(name.utf8.count), 0, 0, 0]
      + Array(name.utf8)
  }

  static let all = [
    ForeignFile("npy", "NumPy", [0x93] + Array("NUMPY\u{1}\u{0}v".utf8)),
    ForeignFile("npz", "NumPy", archive("weights.npy")),
    ForeignFile("pt", "PyTorch", archive("model/data.pkl")),
    ForeignFile("TorchScript", "PyTorch", archive("model/data/0")),
    ForeignFile("pt2", "PyTorch", archive("model/data/weights/weight_0")),
    ForeignFile(
      "old pt", "PyTorch",
      [0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]),
    ForeignFile("keras", "Keras", archive("metadata.json")),
    ForeignFile("onnx", "ONNX", [0x08, 0x08, 0x12, 0x07] + Array("pytorch".utf8)),
    ForeignFile("safetensors", "safetensors", [16, 0, 0, 0, 0, 0, 0, 0] + Array(#"{"w":{"a":"b"}} "#.utf8)),
  ]
}

@Suite(.timeLimit(.minutes(3))) struct EdgeTests {
  static let commands = [
    "report", "report --format json", "inspect", "diagnose", "explain", "formulas", "--help", "report --help",
    "--version", "help report",
  ]

  /// Runs a line of a shell, in which `$0` is the command.
  private func shell(_ line: String, folder: String? = nil) async throws -> Outcome {
    var shell = try ParityProcess(folder: folder)
    let parity = shell.executable
    shell.executable = "/bin/sh"
    return try await shell("-c", line, parity)
  }

  private func line(_ command: String) -> String {
    let takesPath = ["report", "report --format json", "inspect", "diagnose"].contains(command)
    return "\"$0\" \(command)" + (takesPath ? " '\(BundledFixture.simple.path)'" : "")
  }

  @Test("An output that is closed, or full, is status 2 and one line", arguments: commands)
  func unwritable(_ command: String) async throws {
    var streams = [">&-": "Bad file descriptor"]
    if FileManager.default.fileExists(atPath: "/dev/full") {
      streams[">/dev/full"] = "No space left on device"
    }
    for (stream, reason) in streams {
      let outcome = try await shell(line(command) + " " + stream)
      #expect(outcome.status == 2, "\(stream)")
      #expect(
        outcome.errors == "parity: standard output: the report cannot be written: \(reason)\n", "\(stream)")
    }
  }

  @Test("A reader that has seen enough changes no status, and is told nothing", arguments: commands)
  func closedEarly(_ command: String) async throws {
    let pipe = Pipe()
    try pipe.fileHandleForReading.close()
    let scratch = try Scratch()
    let errors = try scratch.file("errors")
    let path = line(command).hasSuffix("'") ? [BundledFixture.simple.path] : []
    let status = try await ParityProcess().status(
      command.split(separator: " ").map(String.init) + path, output: pipe.fileHandleForWriting, errors: errors
    )
    #expect(status == 0)
    #expect(try scratch.text("errors") == "")
  }

  @Test(
    "A name that begins with a dash is an unknown option, unless -- is before it",
    arguments: [
      "report", "inspect", "diagnose",
    ])
  func dash(_ command: String) async throws {
    let scratch = try Scratch()
    try scratch.copy(as: "-x.h5")
    try scratch.copy(as: "-h.h5")
    let parity = try ParityProcess(folder: scratch.folder)
    for name in ["-x.h5", "-h.h5"] {
      let outcome = try await parity(command, name)
      #expect(outcome.status == 64)
      #expect(outcome.output == "" && outcome.errors.contains("Unknown option '\(name)'"))
      #expect(try await parity(command, "--", name).status == 0)
    }
  }

  @Test("A link to nothing stays a link, and what it names is written")
  func danglingLink() async throws {
    let scratch = try Scratch()
    try scratch.makeFolder("folder")
    try scratch.link("second", to: "folder/first")
    try scratch.link("folder/first", to: "a")
    let parity = try ParityProcess(folder: scratch.folder)
    let outcome = try await parity("report", BundledFixture.simple.path, "--output", "second")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try scratch.names(in: "folder") == ["a", "first"])
    #expect(try scratch.text("folder/a").hasPrefix("MATCH"))
    for (link, target) in [("second", "folder/first"), ("folder/first", "a")] {
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: scratch.path(link)) == target)
    }
    try scratch.link("loop", to: "loop")
    let loop = try await parity("report", BundledFixture.simple.path, "--output", "loop")
    #expect(loop.status == 2)
    #expect(loop.errors.contains("symbolic links"))
  }

  #if os(Linux)
    @Test("A file and a folder whose names are not UTF-8 are judged, told apart, and told by their bytes")
    func bytes() async throws {
      let scratch = try Scratch()
      try scratch.copy(as: "a.h5")
      let outcome = try await shell(
        """
        d=$(printf 'd\\351'); e=$(printf 'd\\350'); mkdir "$d" "$e"; f=$(printf 'b\\377.h5')
        cp a.h5 "$d/$f"; cp a.h5 "$e/c.h5"
        "$0" report --format json "$d" "$e" "$d/$f"
        for c in report inspect diagnose; do "$0" $c "$d/$f" >$c || exit 9; done
        "$0" report a.h5 --output "$d/out" || exit 9
        test -f "$d/out"
        """, folder: scratch.folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(
        try outcome.cases.compactMap { $0["file"]?.string }
          == [#"d\xE9/b\xFF.h5"#, #"d\xE8/c.h5"#, #"d\xE9/b\xFF.h5"#])
      for command in ["report", "inspect", "diagnose"] {
        #expect(try scratch.text(command).contains(#"d\xE9/b\xFF.h5"#))
      }
    }
  #endif

  @Test("A file of another version of HDF5 is told as such")
  func newerHDF5() async throws {
    let scratch = try Scratch()
    var bytes = try Data(contentsOf: URL(fileURLWithPath: BundledFixture.simple.path))
    // The superblock's version.
    bytes[8] = 9
    let outcome = try await ParityProcess()("inspect", scratch.write("a.h5", bytes))
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("version number: damaged, or of a newer HDF5 than "))
  }

  @Test(
    "A framework's own file is recognised, and what to do is told in one line", arguments: ForeignFile.all)
  func foreign(_ file: ForeignFile) async throws {
    let scratch = try Scratch()
    let path = try scratch.write("a.h5", Data(file.bytes + [UInt8](repeating: 0, count: 64)))
    let outcome = try await ParityProcess()("report", path)
    #expect(outcome.status == 2)
    #expect(
      outcome.output.contains(
        "\(path): /: expected a fixture, found \(file.kind == "ONNX" ? "an" : "a") \(file.kind) file, "
      ))
    #expect(outcome.output.contains("record"))
  }

  @Test("Keras's own HDF5 is recognised, old and new; what is only a broken fixture is not taken for it")
  func keras() async throws {
    let scratch = try Scratch()
    let old = try scratch.changed(as: "old.h5") {
      $0.datasets = [:]
      $0.groups = ["/": ["keras_version": "2.15.0"], "/model_weights": [:]]
    }
    let new = try scratch.changed(as: "new.h5") {
      $0.datasets = [:]
      $0.groups = ["/": [:], "/layers": [:], "/vars": [:]]
    }
    for path in [old, new] {
      #expect(try await ParityProcess()("report", path).output.contains("found a Keras file"))
    }
    let broken = try scratch.changed(as: "broken.h5") {
      try $0.remove("/input")
      $0.groups["/layers"] = [:]
    }
    #expect(try await ParityProcess()("inspect", broken).errors.contains("/input"))
  }
}
