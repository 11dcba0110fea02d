/// Columns of text, padded to the widest cell of each.
package struct TextTable {
  package enum Alignment { case left, right }

  private let columns: [(title: String, alignment: Alignment)]
  private var rows: [[String]]

  init(_ columns: [(title: String, alignment: Alignment)]) {
    self.columns = columns
    rows = [columns.map(\.title)]
  }

  mutating func add(_ row: [String]) {
    precondition(row.count == columns.count)
    rows.append(row)
  }

  /// The title row first; no spaces at the ends of lines.
  ///
  /// - Parameters:
  ///   - width: what a line is to keep to. The two spaces between columns become one first, then the columns
  ///     that hold names give way.
  ///   - names: the titles of the columns that hold names.
  func lines(width: Int = Terminal.width, names: Set<String> = []) -> [String] {
    var widths = columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    var gap = 2
    func excess() -> Int { widths.reduce(0, +) + gap * (widths.count - 1) - width }
    if excess() > 0 { gap = 1 }
    let shrinkable = columns.indices.filter { names.contains(columns[$0].title) }
    while excess() > 0, let widest = shrinkable.max(by: { widths[$0] < widths[$1] }), widths[widest] > 12 {
      widths[widest] -= 1
    }

    return rows.map { row in
      var line = ""
      for (column, text) in row.enumerated() {
        let cell = text.shortened(to: widths[column])
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        if column > 0 { line += String(repeating: " ", count: gap) }
        line += columns[column].alignment == .left ? cell + padding : padding + cell
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
