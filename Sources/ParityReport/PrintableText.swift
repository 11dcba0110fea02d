extension String {
  /// This text, or its beginning and its end where it is longer: names often differ in how they end.
  func shortened(to width: Int) -> String {
    guard count > width, width > 0 else { return self }
    return prefix(width / 2) + "…" + suffix(width - 1 - width / 2)
  }

  /// This text in lines of at most `width`, broken between words; each but the first begins with `indentation`.
  func wrapped(to width: Int, indentation: String) -> [String] {
    var lines = [""]
    for word in split(separator: " ", omittingEmptySubsequences: false) {
      let line = lines[lines.count - 1]
      if line.isEmpty || line.allSatisfy({ $0 == " " }) || line.count + 1 + word.count <= width {
        lines[lines.count - 1] = lines == [""] ? String(word) : line + " " + word
      } else {
        lines.append(indentation + word)
      }
    }
    return lines
  }

  /// This text with its control characters written out, so that a name in a file can neither break a line nor
  /// speak to the terminal.
  var printable: String {
    guard unicodeScalars.contains(where: \.isControl) else { return self }
    return unicodeScalars.reduce(into: "") { text, scalar in
      text += scalar.isControl ? scalar.escaped(asASCII: true) : String(scalar)
    }
  }
}

extension Unicode.Scalar {
  fileprivate var isControl: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}

extension Report {
  /// The report with every text that comes from a file made printable.
  var printable: Report {
    var report = self
    for index in report.cases.indices { report.cases[index].makePrintable() }
    return report
  }
}

extension CaseReport {
  mutating func makePrintable() {
    `case` = `case`.printable
    file = file.printable
    error = error?.printable
    for index in references.indices { references[index].makePrintable() }
    for index in cross.indices {
      cross[index].statesOf = cross[index].statesOf.printable
      cross[index].weightsOf = cross[index].weightsOf.printable
      cross[index].structure = cross[index].structure?.printable
    }
  }
}

extension ReferenceReport {
  fileprivate mutating func makePrintable() {
    name = name.printable
    framework = framework.printable
    frameworkVersion = frameworkVersion.printable
    for index in layers.indices { layers[index].notes = layers[index].notes.map(\.printable) }
  }
}
