import Recurrent

extension StepwiseProblem {
  /// Nil where the state is no function of the declared pre-activation: then it is not the activation that is another.
  func observedActivation() -> ObservedActivation? {
    guard case .rnn(let rnn) = cell, rnn.clip == nil, rnn.zoneout == 0, input.spread == nil, isTeacherForced
    else { return nil }
    let steps = steps(numbers: Array(0..<min(stepCount, ObservedPoints.mostSteps)))
    let points = steps.compactMap { RecordedStep($0, of: self) }.flatMap { step in
      (0..<cell.hiddenSize).map { unit -> (x: Double, y: Double) in
        var linear = rnn
        linear.activation = .linear
        let sum = PlainStep(x: step.x, h: step.h)(.rnn(linear), unit: unit, c: nil)?.h ?? .nan
        return (sum, step.target.h[unit])
      }
    }
    guard points.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else { return nil }
    return ObservedPoints(points).function
  }
}

/// Arguments and values of what may be a function.
private struct ObservedPoints {
  /// By x.
  let points: [(x: Double, y: Double)]

  static let mostSteps = 256
  private static let fewest = 48
  /// A function of a few turns varies by a few times its range, points without order by a third of their number times that.
  private static let mostVariation = 4.0
  /// Of the range: what two values may be apart that are one.
  private static let resolution = 0.02

  init(_ points: [(x: Double, y: Double)]) { self.points = points.sorted { $0.x < $1.x } }

  var function: ObservedActivation? {
    guard points.count >= Self.fewest, let first = points.first, let last = points.last else { return nil }
    let ys = points.map(\.y)
    guard let low = ys.min(), let high = ys.max(), high > low else { return nil }
    let steps = zip(ys.dropFirst(), ys).map { $0 - $1 }
    let range = high - low
    guard steps.reduce(0, { $0 + $1.magnitude }) <= Self.mostVariation * range else { return nil }
    let near = Self.resolution * range
    // A sixteenth of what was seen, at either end.
    let ending = points.count / 16
    func limit(_ end: ArraySlice<(x: Double, y: Double)>) -> Double? {
      guard let low = end.map(\.y).min(), let high = end.map(\.y).max(), high - low < near / 8
      else { return nil }
      return (low + high) / 2
    }
    return ObservedActivation(
      arguments: first.x...last.x, values: low...high, symmetry: symmetry(near),
      isRising: steps.allSatisfy { $0 > -near / 8 },
      lowerLimit: limit(points.prefix(ending)),
      upperLimit: limit(points.suffix(ending)))
  }

  private func symmetry(_ near: Double) -> ObservedActivation.Symmetry {
    guard let first = points.first, let last = points.last else { return .none }
    let mirrored = points.filter { first.x <= -$0.x && -$0.x <= last.x }
    guard mirrored.count >= 16 else { return .none }
    let sums = mirrored.map { ($0.y + value(at: -$0.x)).magnitude }
    let differences = mirrored.map { ($0.y - value(at: -$0.x)).magnitude }
    if sums.allSatisfy({ $0 < near }) { return .odd }
    return differences.allSatisfy { $0 < near } ? .even : .none
  }

  /// Between the two nearest.
  private func value(at x: Double) -> Double {
    let above = points.firstIndex { $0.x >= x } ?? points.count - 1
    guard above > 0 else { return points[0].y }
    let (a, b) = (points[above - 1], points[above])
    return b.x == a.x ? a.y : a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x)
  }
}
