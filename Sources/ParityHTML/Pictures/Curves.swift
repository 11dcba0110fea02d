import ParityReport
import RealModule
import RecurrentParity

/// Residual, bound and free-running difference of one pass over time, on a scale of powers of ten.
struct CurvesView {
  let place: String
  let picture: String

  private static let mostColumns = 60
  private static let (width, height) = (720, 150)
  private static let (left, right, top, bottom) = (58, 8, 8, 16)

  /// Nil where nothing of it has a value.
  init?(_ layer: LayerReport) {
    guard let steps = Buckets(layer.timesteps, times: [layer].times, most: Self.mostColumns) else {
      return nil
    }
    let curves: [(name: String, values: [Double])] = [
      ("bound", steps.buckets.map { $0?.bound ?? .nan }), ("drift", steps.buckets.map { $0?.drift ?? .nan }),
      ("residual", steps.buckets.map { $0?.residual ?? .nan }),
    ]
    let scale = Scale(curves.flatMap(\.values))
    guard let scale else { return nil }
    place = layer.place
    var content = ""
    var grid = ""
    for exponent in scale.ticks {
      let y = Self.y(scale, exponent: Double(exponent))
      grid += "M\(Self.left) \(y)H\(Self.width - Self.right)"
      content += "<text x=\"\(Self.left - 6)\" y=\"\(y + 4)\">1e\(exponent)</text>"
    }
    content += "<path class=\"grid\" d=\"\(grid)\"/>"
    for curve in curves {
      content += "<path class=\"k-\(curve.name)\" d=\"\(Self.path(curve.values, scale))\"/>"
    }
    content +=
      "<text x=\"\(Self.left + 6)\" y=\"\(Self.height - 3)\">t = \(steps.times.lowerBound)</text>"
      + "<text x=\"\(Self.width - Self.right)\" y=\"\(Self.height - 3)\">"
      + "\(steps.times.upperBound)</text>"
    let title =
      "residual ≤ \(text(layer.stepwise.maxResidual)), r/ρ ≤ \(text(layer.stepwise.maxBoundRatio, .compact)), "
      + "drift ≤ \(text(layer.freeRunning.maxAbs))"
      + (steps.width == 1 ? "" : "; \(steps.width) timesteps in a column, of which the worst shows")
    picture = SVG.picture(width: Self.width, height: Self.height, title: title, class: "curves", content)
  }

  private static func path(_ values: [Double], _ scale: Scale) -> String {
    let step = Double(width - left - right) / Double(max(1, values.count - 1))
    var path = ""
    // The point before, from which the next is drawn; nil where there is a gap.
    var last: (x: Int, y: Int)?
    var isFirst = true
    for (index, value) in values.enumerated() {
      guard value.isFinite else {
        last = nil
        continue
      }
      let x = left + Int((Double(index) * step).rounded())
      let y = y(scale, exponent: scale.exponent(value))
      if let last {
        // A command that repeats is not written again, nor a space before a sign.
        path += "\(isFirst ? "l" : " ")\(x - last.x)\(y < last.y ? "" : " ")\(y - last.y)"
        isFirst = false
      } else {
        isFirst = true
        path += "M\(x) \(y)"
        // A single point is seen as the cap of a line without length.
        if index + 1 == values.count || !values[index + 1].isFinite { path += "h0" }
      }
      last = (x, y)
    }
    return path
  }

  private static func y(_ scale: Scale, exponent: Double) -> Int {
    let share = (exponent - Double(scale.low)) / Double(scale.high - scale.low)
    return top + Int(((1 - share) * Double(height - top - bottom)).rounded())
  }
}

/// A scale of powers of ten that holds a set of values. Zero stands at its lower end.
private struct Scale {
  let low: Int
  let high: Int

  /// Nil where no value is finite.
  init?(_ values: [Double]) {
    let finite = values.filter(\.isFinite)
    guard !finite.isEmpty else { return nil }
    let exponents = finite.filter { $0 > 0 }.map(Self.logarithm)
    high = Int((exponents.max() ?? 0).rounded(.up))
    // What is further down than 16 digits below the largest is as good as nothing.
    low = min(high - 1, max(high - 16, Int((exponents.min() ?? -1).rounded(.down))))
  }

  func exponent(_ value: Double) -> Double {
    value > 0 ? min(Double(high), max(Double(low), Self.logarithm(value))) : Double(low)
  }

  /// At most four.
  var ticks: [Int] { Array(stride(from: low, through: high, by: (high - low + 2) / 3)) }

  private static func logarithm(_ value: Double) -> Double { Double.log10(value) }
}
