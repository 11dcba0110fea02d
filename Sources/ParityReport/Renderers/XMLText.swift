extension String {
  /// For text and attributes of an XML document: what is printable, escaped. XML 1.0 has no escape for controls, nor
  /// for U+FFFE and U+FFFF.
  var printableXML: String {
    printable.unicodeScalars.reduce(into: "") { text, scalar in
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case "\u{FFFE}", "\u{FFFF}": text += scalar.escaped(asASCII: true)
      default: text.unicodeScalars.append(scalar)
      }
    }
  }
}
