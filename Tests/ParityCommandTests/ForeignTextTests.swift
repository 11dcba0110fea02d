import FixtureEditing
import Foundation
import ReportContract
import Testing

/// A place of the format in which a file may say anything.
struct StringPlace: CustomTestStringConvertible, Sendable {
  let testDescription: String
  /// Puts the text there.
  let put: @Sendable (inout FixtureTree, String) throws -> Void

  static let reference = "/references/keras"
  static let layer = reference + "/layers/0"

  static func attribute(_ name: String, _ path: String) -> StringPlace {
    StringPlace(testDescription: "\(path)@\(name)") { try $0.setAttribute(name, of: path, to: .string($1)) }
  }

  static let all =
    ["format", "case", "description"].map { attribute($0, "/") }
    + ["framework", "framework_version", "convention", "environment"].map { attribute($0, reference) }
    + ["name", "cell", "direction", "activation"].map { attribute($0, layer) }
    + [
      StringPlace(testDescription: "a reference's name") { try $0.move(reference, to: "/references/" + $1) },
      StringPlace(testDescription: "a layer's number") {
        try $0.move(layer, to: reference + "/layers/" + $1)
      },
      StringPlace(testDescription: "an unknown weight") {
        $0.datasets[layer + "/forward/weights/" + $1] = DatasetValue([1, 2], shape: [2])
      },
      StringPlace(testDescription: "an unknown group") { tree, text in tree.groups["/" + text] = [:] },
      StringPlace(testDescription: "an unknown attribute") {
        try $0.setAttribute($1, of: "/", to: .string($1))
      },
      StringPlace(testDescription: "where a soft link leads") {
        try $0.remove("/input")
        $0.softLinks["/input"] = "/" + $1
      },
      StringPlace(testDescription: "where an external link leads") {
        try $0.remove("/input")
        $0.externalLinks["/input"] = $1
      },
    ]
}

/// Escape sequences, line breaks, bidirectional marks and what is not seen.
private let hostile =
  "a\u{1B}[31m\n\r\u{7F}\u{9B}2J\u{85}\u{202E}\u{2066}\u{2028}\u{2029}\u{200B}\u{FEFF}\u{E0041}z"

@Suite(.timeLimit(.minutes(5))) struct ForeignTextTests {
  /// Those characters of the text that are not seen, but for the line feeds that the command itself writes.
  private func unseen(_ text: String) -> [String] {
    let known = Set(hostile.unicodeScalars.filter { !$0.isASCII || $0.value < 0x20 || $0.value == 0x7F })
    return text.unicodeScalars.filter { known.contains($0) && $0 != "\n" }.map { $0.escaped(asASCII: true) }
  }

  @Test("No text of a file speaks to the terminal, whichever place and command", arguments: StringPlace.all)
  func places(_ place: StringPlace) async throws {
    let scratch = try Scratch()
    let (bad, plain) = try (
      scratch.changed(as: "bad.h5") { try place.put(&$0, hostile) },
      scratch.changed(as: "plain.h5") { try place.put(&$0, "az") }
    )
    let parity = try ParityProcess()
    for command in ["report", "inspect", "diagnose"] {
      let outcome = try await parity(command, bad)
      #expect(unseen(outcome.output + outcome.errors) == [], "\(command)")
      // A line feed would make a line more.
      let harmless = try await parity(command, plain)
      #expect(outcome.status == harmless.status)
      if command != "diagnose" {
        #expect(outcome.errors.count(where: \.isNewline) == harmless.errors.count(where: \.isNewline))
      }
      #expect(!outcome.output.split(separator: "\n").contains { $0.hasPrefix("\\") || $0.hasPrefix("z") })
    }
  }

  @Test("JSON has the text as it was, and no character of it that is not seen", arguments: StringPlace.all)
  func json(_ place: StringPlace) async throws {
    let scratch = try Scratch()
    let bad = try scratch.changed(as: "bad.h5") { try place.put(&$0, hostile) }
    let outcome = try await ParityProcess()("report", "--format", "json", bad)
    #expect(unseen(outcome.output) == [])
    let texts = try strings(outcome.json)
    let plain = try scratch.changed(as: "plain.h5") { try place.put(&$0, "az") }
    let harmless = try strings(await ParityProcess()("report", "--format", "json", plain).json)
    #expect(texts.filter { $0.contains(hostile) }.count == harmless.filter { told($0) }.count)
  }

  /// Whether it holds the word that stands for the hostile text.
  private func told(_ text: String) -> Bool { text.contains(#/\baz\b/#) }

  private func strings(_ value: JSONValue) -> [String] {
    switch value {
    case .string(let text): [text]
    case .array(let elements): elements.flatMap(strings)
    case .object(let members): members.values.flatMap(strings)
    default: []
    }
  }

  @Test("The places that a report shows are shown, escaped")
  func shown() async throws {
    let scratch = try Scratch()
    let bad = try scratch.changed(as: "bad.h5") {
      for place in ["case", "description"] {
        try $0.setAttribute(place, of: "/", to: .string("\(place)\u{1B}"))
      }
      for place in ["framework", "environment"] {
        try $0.setAttribute(place, of: StringPlace.reference, to: .string("\(place)\u{1B}"))
      }
      try $0.setAttribute("name", of: StringPlace.layer, to: "name\u{1B}")
    }
    let inspection = try await ParityProcess()("inspect", bad).output
    for place in ["case", "description", "framework", "environment", "name"] {
      #expect(inspection.contains(place + "\\u{1B}"))
    }
    #expect(try await ParityProcess()("diagnose", bad).output.contains("(name\\u{1B})"))
  }

  @Test("No name of a file, and no argument, speaks to the terminal")
  func arguments() async throws {
    let scratch = try Scratch()
    let name = hostile + ".h5"
    try scratch.copy(as: name)
    let parity = try ParityProcess(folder: scratch.folder)
    let lines = [
      ["report", name], ["report", "."], ["inspect", name], ["diagnose", name], ["report", "no" + name],
      ["inspect", "no" + name], ["diagnose", "no" + name], ["report", name, "--output", hostile + "/a"],
      ["report", name, "--case", hostile], ["report", "--" + hostile], ["report", "-" + hostile], [hostile],
      ["explain", hostile], ["report", "--format", hostile], ["report", "--atol", hostile],
    ]
    for arguments in lines {
      let outcome = try await parity.run(arguments)
      let text = outcome.output + outcome.errors
      #expect(unseen(text) == [], "\(arguments)")
      #expect(text.contains("a\\u{1B}[31m\\n\\r"), "\(arguments): \(text)")
    }
    let json = try await parity("report", "--format", "json", name)
    #expect(unseen(json.output) == [])
    #expect(try json.cases.first?["file"]?.string == name)
  }

  @Test("Text that is not UTF-8 is an error that names the place, with the bytes escaped")
  func bytes() async throws {
    let scratch = try Scratch()
    let bad = try scratch.changed(as: "bad.h5") {
      $0.raw.append(("/", .text("case", Array("caf".utf8) + [0xE9, 0x1B], isVariable: true)))
    }
    let outcome = try await ParityProcess()("inspect", bad)
    #expect(outcome.status == 2)
    let complaint = #"/@case: cannot read attribute: invalid UTF-8 in the string: "caf\xE9\u{1B}""#
    #expect(outcome.errors.hasSuffix(complaint + "\n"))
  }
}
