import FixtureEditing
import HDF5
import Testing

@testable import ParityFixtures
@testable import RecurrentParity

/// What the rules leave free, so that no refusal goes too far.
@Suite struct AcceptedInputTests {
  private static let reference = "/references/pytorch"
  private static let layer = "/references/pytorch/layers/0"

  private func read(_ change: (inout FixtureTree) throws -> Void) throws -> ParityCase {
    let copy = try FixtureCopy(try Originals.shared.tree(FixtureChange.rich), changing: change)
    return try ParityCase(contentsOf: copy.path)
  }

  static let stringFormats = [Int?.none, 64].flatMap { length in
    [StringFormat.Padding.nullTerminated, .nullPadded, .spacePadded].flatMap { padding in
      [true, false].map { StringFormat(fixedLength: length, padding: padding, utf8: $0) }
    }
  }

  @Test("A string may be fixed or variable, ASCII or UTF-8, with any padding", arguments: stringFormats)
  func strings(_ format: StringFormat) throws {
    let original = try read { _ in }
    let changed = try read { tree in
      for rule in AttributeRule.all where rule.kind == .string {
        guard case .string(let text)? = tree.groups[rule.place]?[rule.name] else { continue }
        // The longest, an environment, only fits where the length is free.
        let isLong = text.utf8.count >= 64
        try tree.setAttribute(
          rule.name, of: rule.place, to: isLong ? .string(text) : .text(text, format))
      }
    }
    #expect(changed.name == original.name && changed.summary == original.summary)
    #expect(changed.references.map(\.framework) == original.references.map(\.framework))
    #expect(changed.references[0].layers.map(\.name) == original.references[0].layers.map(\.name))
  }

  @Test("A string of UTF-8 is read as it is, and an array of one as its one")
  func otherStrings() throws {
    let changed = try read {
      try $0.setAttribute("case", of: "/", to: .text("größer 大", StringFormat(fixedLength: 32)))
      try $0.setAttribute("description", of: "/", to: .strings(["one"]))
      try $0.setAttribute("framework", of: Self.reference, to: "")
    }
    #expect(changed.name == "größer 大")
    #expect(changed.summary == "one")
    #expect(changed.references[0].framework == "")
  }

  static let integerTypes = [8, 16, 32, 64].flatMap { bits in
    [true, false].flatMap { signed in
      [true, false].map { AttributeValue.integer(7, bits: bits, signed: signed, bigEndian: $0 && bits > 8) }
    }
  }

  @Test("An integer may have any width, sign and byte order", arguments: integerTypes)
  func integers(_ value: AttributeValue) throws {
    let changed = try read {
      try $0.setAttribute("seed", of: "/", to: value)
      try $0.setAttribute("hidden_size", of: Self.layer, to: value)
    }
    #expect(changed.seed == 7)
    #expect(changed.references[0].layers[0].passes[0].cell.hiddenSize == 7)
  }

  @Test("A bool may be h5py's, or an integer 0 or 1 of any width", arguments: [0, 1])
  func bools(_ value: Int) throws {
    for bits in [8, 16, 32, 64] {
      for signed in [true, false] {
        #expect(throws: Never.self) {
          try read {
            try $0.setAttribute(
              "reset_after", of: Self.layer, to: .integer(value, bits: bits, signed: signed))
          }
        }
      }
    }
    #expect(throws: Never.self) {
      try read { try $0.setAttribute("reset_after", of: Self.layer, to: .bool(value == 1)) }
    }
  }

  static let floatTypes = [32, 64].flatMap { bits in
    [false, true].map { ElementType.float(bits: bits, bigEndian: $0) }
  }

  @Test(
    "Floats may be of 32 or 64 bits, in either byte order, in one piece, chunked or compressed",
    arguments: floatTypes)
  func floats(_ type: ElementType) throws {
    let original = try read { _ in }
    for isCompressed in [nil, false, true] {
      let changed = try read { tree in
        for path in tree.datasets.keys where path != "/lengths" {
          try tree.change(path) { dataset in
            dataset.store(as: type)
            let chunk = dataset.shape.map { max(1, $0 / 2) }
            if let isCompressed {
              dataset.storage = isCompressed ? .gzip(chunk: chunk, level: 9) : .chunked(chunk)
            }
          }
        }
      }
      #expect(changed.input == original.input)
      #expect(changed.references[0].layers.map(\.output) == original.references[0].layers.map(\.output))
    }
  }

  @Test("Lengths may be without a sign")
  func unsignedLengths() throws {
    let changed = try read {
      try $0.change("/lengths") { $0.values = .unsigned($0.numbers.map(UInt64.init)) }
    }
    #expect(try changed.lengths == read { _ in }.lengths)
  }

  @Test("A group or a dataset may be reached by a link within the file")
  func links() throws {
    let original = try read { _ in }
    let changed = try read {
      try $0.move(Self.reference, to: "/elsewhere")
      $0.softLinks[Self.reference] = "/elsewhere"
      try $0.move("/input", to: "/data")
      $0.raw.append(("/input", .hardLink(to: "/data")))
    }
    #expect(changed.input == original.input)
    #expect(changed.references.map(\.name) == ["pytorch"])
  }

  @Test("A second name of a reference is a second reference, equal to the first")
  func twice() throws {
    let changed = try read { $0.raw.append(("/references/again", .hardLink(to: Self.reference))) }
    #expect(changed.references.map(\.name) == ["again", "pytorch"])
    #expect(changed.references[0].layers.map(\.output) == changed.references[1].layers.map(\.output))
  }

  @Test("What the format does not know is ignored, whatever it is, wherever it is but among weights")
  func unknown() throws {
    let original = try read { _ in }
    let places = [
      "/", "/references/pytorch", "/references/pytorch/layers", Self.layer, "\(Self.layer)/forward",
      "\(Self.layer)/forward/initial_state", "\(Self.layer)/forward/final_state",
    ]
    let changed = try read { tree in
      for place in places {
        let prefix = place == "/" ? "/" : place + "/"
        tree.groups[prefix + "unknown"] = ["note": "mine"]
        tree.datasets[prefix + "numbers"] = DatasetValue([.nan], shape: [1])
        tree.softLinks[prefix + "nowhere"] = "/no/where"
        tree.softLinks[prefix + "circle"] = prefix + "circle"
        tree.externalLinks[prefix + "outside"] = "other.h5"
        tree.raw.append((prefix + "itself", .hardLink(to: place)))
        tree.raw.append((prefix + "type", .namedType))
        tree.raw.append((prefix + "compound", .dataset(.compound, shape: [1 << 40, 1 << 20])))
        tree.raw.append((place, .attribute("unknown", .compound)))
        tree.raw.append((place, .text("bytes", [0xFF])))
      }
    }
    #expect(changed.judged().verdict == .match)
    #expect(changed.input == original.input)
  }
}
