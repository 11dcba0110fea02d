import Testing

@testable import ParityReport

@Suite struct ColourTests {
  private let plain = TerminalRenderer(isColoured: false).text(.complete)
  private let coloured = TerminalRenderer(isColoured: true).text(.complete)

  @Test("Without colours there is no escape code")
  func plainText() { #expect(!plain.contains("\u{1B}")) }

  @Test("Colours change nothing but the colours")
  func sameText() {
    let stripped = coloured.replacing(#/\u{1B}\[\d+m/#, with: "")
    #expect(coloured != plain)
    #expect(stripped == plain)
  }

  @Test("What matches is green, what drifts yellow, what is wrong red, everywhere it is said")
  func colours() {
    for line in [
      "\u{1B}[31mINVALID\u{1B}[0m  4 cases", "\n\u{1B}[32mmatch\u{1B}[0m     honest",
      "\n\u{1B}[33mdrift\u{1B}[0m     lowered", "\n\u{1B}[31mmismatch\u{1B}[0m  ported",
      "\n\u{1B}[31minvalid\u{1B}[0m   broken", "\nlowered · \u{1B}[33mdrift\u{1B}[0m · T = 4",
      "  pytorch · \u{1B}[32mmatch\u{1B}[0m · pytorch", "rnn   \u{1B}[33mdrift\u{1B}[0m  ",
      "layer 0 forward     \u{1B}[32m·\u{1B}[0m\u{1B}[33m~\u{1B}[0m",
      "weights · \u{1B}[31mmismatch\u{1B}[0m\n",
    ] {
      #expect(coloured.contains(line), "\(line.debugDescription)")
    }
  }

  @Test("Every colour is switched off before its line ends")
  func balanced() {
    for line in coloured.split(separator: "\n") {
      let on = line.matches(of: #/\u{1B}\[3\dm/#).count
      let off = line.matches(of: #/\u{1B}\[0m/#).count
      #expect(on == off)
    }
  }
}
