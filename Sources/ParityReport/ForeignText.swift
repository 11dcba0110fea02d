import RecurrentParity

/// Text of whoever wrote a file, or named it, on its way to a terminal, a log or a document: one gate for each.
extension String {
  /// For a terminal or a log: what is not seen is written out, so that a name can neither break a line, nor
  /// speak to the terminal, nor reorder what stands beside it.
  public var printable: String {
    guard unicodeScalars.contains(where: \.isUnseen) else { return self }
    return unicodeScalars.reduce(into: "") { text, scalar in
      text += scalar.isUnseen ? scalar.escaped(asASCII: true) : String(scalar)
    }
  }

  /// For a JSON document, of which this is the whole: the same characters as JSON escapes, which decode to the
  /// original. Line feeds stay, since JSON has none but between values.
  var printableJSON: String {
    guard unicodeScalars.contains(where: { $0.isUnseen && $0 != "\n" }) else { return self }
    return unicodeScalars.reduce(into: "") { text, scalar in
      guard scalar.isUnseen, scalar != "\n" else { return text.unicodeScalars.append(scalar) }
      for unit in scalar.utf16 {
        let digits = String(unit, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
  }
}

extension Unicode.Scalar {
  /// Controls (C0, DEL, C1), separators of lines, and what has no shape of its own: bidirectional marks, joiners,
  /// fillers, tags.
  fileprivate var isUnseen: Bool {
    // What is most of every text.
    if (0x20..<0x7F).contains(value) { return false }
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .format: return true
    default: return properties.isDefaultIgnorableCodePoint
    }
  }
}

extension ParityCase {
  /// The case with every text that comes from the file made printable.
  var printable: ParityCase {
    var parityCase = self
    parityCase.file = file.printable
    parityCase.name = name.printable
    parityCase.summary = summary?.printable
    for index in references.indices { parityCase.references[index].makePrintable() }
    for index in unread.indices { parityCase.unread[index].makePrintable() }
    return parityCase
  }
}

extension UnreadName {
  fileprivate mutating func makePrintable() {
    path = path.printable
    name = name.printable
    suggestion = suggestion?.printable
  }
}

extension Reference {
  fileprivate mutating func makePrintable() {
    name = name.printable
    framework = framework.printable
    frameworkVersion = frameworkVersion.printable
    environment = environment?.printable
    for index in layers.indices { layers[index].makePrintable() }
    model?.makePrintable()
  }
}

extension RecordedLayer {
  fileprivate mutating func makePrintable() {
    name = name.printable
    module = module?.printable
    pair = pair?.printable
    otherOptions = otherOptions.map {
      OtherOption(name: $0.name.printable, value: $0.value.printable)
    }
  }
}

extension ModelRecord {
  fileprivate mutating func makePrintable() {
    for index in inputs.indices { inputs[index].name = inputs[index].name.printable }
    for index in outputs.indices { outputs[index].name = outputs[index].name.printable }
    for index in leftOut.indices {
      leftOut[index].path = leftOut[index].path.printable
      leftOut[index].type = leftOut[index].type.printable
      leftOut[index].why = leftOut[index].why.printable
    }
    unused = unused.map(\.printable)
    for index in repeated.indices {
      repeated[index].path = repeated[index].path.printable
      repeated[index].type = repeated[index].type.printable
      repeated[index].why = repeated[index].why.printable
    }
    if let pinned = spread?.pinned { spread?.pinned = pinned.printable }
  }
}

extension CaseReport {
  package mutating func makePrintable() {
    `case` = `case`.printable
    file = file.printable
    error = error?.printable
    unknownFeatures = unknownFeatures?.map(\.printable)
    for index in references.indices { references[index].makePrintable() }
    for index in cross.indices { cross[index].makePrintable() }
    original = original?.printable
    bits = bits?.map(\.printable)
    boundaries = boundaries?.map(\.printable)
    findings?.makePrintable()
    leftOut = leftOut?.map(\.printable)
    unused = unused?.map(\.printable)
    repeated = repeated?.map(\.printable)
    trimmed = trimmed?.map(\.printable)
    unread = unread?.map { unread in
      UnreadReport(
        path: unread.path.printable, name: unread.name.printable, kind: unread.kind,
        suggestion: unread.suggestion?.printable)
    }
  }
}

extension ReferenceReport {
  fileprivate mutating func makePrintable() {
    name = name.printable
    framework = framework.printable
    frameworkVersion = frameworkVersion.printable
    for index in layers.indices {
      layers[index].name = layers[index].name.printable
      layers[index].notes = layers[index].notes.map(\.printable)
      layers[index].findings.makePrintable()
      layers[index].diagnosis.makePrintable()
    }
  }
}

extension CrossReport {
  fileprivate mutating func makePrintable() {
    statesOf = statesOf.printable
    weightsOf = weightsOf.printable
    structure = structure?.printable
    for index in layers.indices {
      layers[index].name = layers[index].name?.printable
      layers[index].notes = layers[index].notes.map(\.printable)
      layers[index].findings.makePrintable()
      layers[index].diagnosis.makePrintable()
    }
  }
}

extension [FindingReport] {
  /// What a finding says may name a reference, a layer or a path.
  fileprivate mutating func makePrintable() {
    for index in indices {
      self[index].says = self[index].says.printable
      self[index].remainder = self[index].remainder?.printable
    }
  }
}

extension Nullable<[DiagnosisReport]> {
  fileprivate mutating func makePrintable() {
    guard var findings = value else { return }
    for index in findings.indices {
      findings[index].says = findings[index].says.printable
      findings[index].statement = findings[index].statement?.printable
    }
    self = Nullable(findings)
  }
}
