import ParityReport
import RecurrentParity

/// Timesteps across, layers and directions down: how near each comes to its own limit, and beyond.
enum HeatMap {
  private static let mostColumns = 240
  private static let width = 720
  private static let label = 150
  private static let rowHeight = 14

  /// Empty where there are no timesteps.
  static func picture(_ layers: [LayerReport]) -> String {
    guard let times = layers.times else { return "" }
    let rows = layers.map { Buckets($0.timesteps, times: times, most: mostColumns) }
    let columns = rows.compactMap { $0?.buckets.count }.max() ?? 0
    guard columns > 0, let stepsPerColumn = rows.compactMap({ $0?.width }).max() else { return "" }
    let cell = max(2, min(24, (width - label) / columns))
    var paths: [Shade: String] = [:]
    var texts = ""
    for (row, layer) in layers.enumerated() {
      let y = row * rowHeight
      texts += "<text x=\"\(label - 6)\" y=\"\(y + 11)\">\(layer.layer) \(layer.direction)</text>"
      for run in runs(rows[row]?.buckets ?? []) {
        // A stroke, as thick as a row.
        let stroke = "M\(label + run.columns.lowerBound * cell) \(y + 6)h\(run.columns.count * cell)"
        paths[run.shade, default: ""] += stroke
      }
      if let first = layer.firstFlagged.value, times.contains(first.timestep) {
        let x = label + (first.timestep - times.lowerBound) / stepsPerColumn * cell + cell / 2
        texts += "<path class=\"first\" d=\"M\(x - 3) \(y)h6l-3 5z\"/>"
      }
    }
    let height = layers.count * rowHeight
    let right = label + columns * cell
    texts += "<text x=\"\(label - 6)\" y=\"\(height + 11)\">t = \(times.lowerBound)</text>"
    if columns > 1 { texts += "<text x=\"\(right)\" y=\"\(height + 11)\">\(times.upperBound)</text>" }
    let shapes = Shade.allCases.compactMap { shade in
      paths[shade].map { "<path class=\"s-\(shade.rawValue)\" d=\"\($0)\"/>" }
    }
    let flagged = layers.count { $0.verdict != Verdict.match.rawValue }
    let each =
      stepsPerColumn == 1 ? "a column each" : "\(stepsPerColumn) in a column, of which the worst shows"
    let title =
      "\(times.count) timesteps, \(each); \(layers.count) passes, "
      + (flagged == 0 ? "all match" : "\(flagged) flagged")
    return SVG.picture(
      width: right, height: height + 15, title: title, class: "heat", shapes.joined() + texts)
  }

  /// Columns of one shade that stand beside each other.
  private static func runs(_ buckets: [Buckets.Bucket?]) -> [(shade: Shade, columns: Range<Int>)] {
    var runs: [(shade: Shade, columns: Range<Int>)] = []
    for (column, bucket) in buckets.enumerated() {
      guard let shade = bucket.map(Shade.init) else { continue }
      if let last = runs.last, last.shade == shade, last.columns.upperBound == column {
        runs[runs.count - 1].columns = last.columns.lowerBound..<column + 1
      } else {
        runs.append((shade, column..<column + 1))
      }
    }
    return runs
  }
}

/// The frame of a picture.
enum SVG {
  /// - Parameters:
  ///   - title: what it shows, for whoever does not see it; without text of a file.
  ///   - content: elements.
  static func picture(width: Int, height: Int, title: String, class name: String, _ content: String) -> String
  {
    "<svg class=\"\(name)\" viewBox=\"0 0 \(width) \(height)\" width=\"\(width)\" role=\"img\"><title>\(title)</title>"
      + "\(content)</svg>"
  }
}
