enum Terminal {
  /// The columns that a person's terminal has at least.
  static let width = 100
}

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
}
