import ParityReport
import RecurrentParity

/// The flow of a model's data, from its inputs through its layers to its outputs: what two references were compared at,
/// with those edges marked at which they depart.
enum ModelPicture {
  private static let (box, gap, row) = (76, 44, 74)
  private static let mostColumns = 6

  static func picture(_ boundaries: [BoundaryReport]) -> String {
    let edges = boundaries.map(Edge.init)
    let layers = edges.compactMap(\.layer).max().map { Array(0...$0) } ?? []
    let nodes = ["inputs"] + layers.map { "layer \($0)" } + ["outputs"]
    var content = ""
    for (index, name) in nodes.enumerated() {
      let (x, y) = place(index)
      let isEnd = index == 0 || index == nodes.count - 1
      content +=
        "<rect class=\"\(isEnd ? "end" : "layer")\" x=\"\(x)\" y=\"\(y)\" width=\"\(box)\" height=\"26\" rx=\"5\"/>"
        + "<text x=\"\(x + box / 2)\" y=\"\(y + 17)\" text-anchor=\"middle\">\(name)</text>"
      if index > 0 { content += edge(into: index, of: nodes.count, edges, x: x, y: y) }
      content += states(edges.filter { $0.kind == .state && $0.layer == index - 1 }, x: x, y: y)
    }
    let inputs = edges.filter { $0.kind == .modelInput }
    content += mark(inputs, x: place(0).x + box / 2, y: place(0).y - 6)
    let departing = edges.filter { $0.verdict == .differs }.count
    let title =
      "the model's data flow, \(edges.count) places compared, "
      + (departing == 0 ? "none departs" : "\(departing) \(departing == 1 ? "departs" : "depart")")
    let rows = (nodes.count + mostColumns - 1) / mostColumns
    let columns = min(nodes.count, mostColumns)
    return SVG.picture(
      width: columns * box + (columns - 1) * gap + 20, height: rows * row + 6, title: title, class: "model",
      content)
  }

  private static func place(_ index: Int) -> (x: Int, y: Int) {
    (10 + index % mostColumns * (box + gap), 24 + index / mostColumns * row)
  }

  /// What a layer was fed, or the model gave back, drawn on the way in.
  private static func edge(into index: Int, of count: Int, _ edges: [Edge], x: Int, y: Int) -> String {
    let isLast = index == count - 1
    let compared = edges.filter {
      isLast ? $0.kind == .modelOutput : $0.kind == .layerInput && $0.layer == index - 1
    }
    let shade = compared.map(\.verdict).max().map(\.rawValue) ?? "unknown"
    // The first of a row comes from the end of the row above, whose place its arrow begins beside.
    let isFirstOfRow = index % mostColumns == 0
    let start = isFirstOfRow ? x - 10 : x - gap
    return "<path class=\"e-\(shade)\" d=\"M\(start) \(y + 13)H\(x - 6)\"/>"
      + "<path class=\"tip e-\(shade)\" d=\"M\(x - 7) \(y + 9)l6 4l-6 4z\"/>"
      + (isFirstOfRow ? "" : mark(compared, x: x - gap / 2, y: y + 5))
  }

  private static func states(_ edges: [Edge], x: Int, y: Int) -> String {
    guard let verdict = edges.map(\.verdict).max() else { return "" }
    let shade = verdict.rawValue
    return "<path class=\"e-\(shade)\" d=\"M\(x + box / 2) \(y + 44)V\(y + 33)\"/>"
      + "<path class=\"tip e-\(shade)\" d=\"M\(x + box / 2 - 4) \(y + 34)l4 -6l4 6z\"/>"
      + mark(edges, x: x + box / 2 + 22, y: y + 44)
  }

  /// The largest ratio where something departs.
  private static func mark(_ edges: [Edge], x: Int, y: Int) -> String {
    guard let worst = edges.filter({ $0.verdict != .match }).max(by: { $0.verdict < $1.verdict }) else {
      return ""
    }
    let figure = worst.ratio.map { "≠ \(text($0, .compact))" } ?? (worst.verdict == .differs ? "≠" : "?")
    return
      "<text class=\"t-\(worst.verdict.rawValue)\" x=\"\(x)\" y=\"\(y)\" text-anchor=\"middle\">\(figure)</text>"
  }

  private struct Edge {
    enum Kind {
      case modelInput
      case modelOutput
      case layerInput
      case state
    }

    let kind: Kind
    let layer: Int?
    let verdict: Verdict
    let ratio: Number?

    /// By the names of the format: `inputs/x`, `layers/1/input`, `layers/0/forward/initial_state/h`, `outputs/y`.
    init(_ boundary: BoundaryReport) {
      let parts = boundary.boundary.split(separator: "/")
      layer = parts.first == "layers" && parts.count > 1 ? Int(parts[1]) : nil
      kind =
        parts.first == "inputs"
        ? .modelInput : layer == nil ? .modelOutput : parts.last == "input" ? .layerInput : .state
      verdict = Verdict(boundary.verdict)
      ratio = boundary.ratio
    }
  }
}
