import Recurrent

/// How far the weight matrices of two passes are from each other, all gates together.
struct WeightComparison: Sendable {
  /// How many matrices there are, and how many differ by more than a conversion rounds.
  let matrices: Int
  let differing: Int
  let squaredDifference: Double
  let squaredSize: Double
  /// Whether they hold the same numbers, wherever those stand.
  let holdsSameNumbers: Bool

  init(_ a: RecordedPass, _ b: RecordedPass) {
    let u = a.format == b.format ? 0 : max(a.format.unitRoundoff, b.format.unitRoundoff)
    func isEqual(_ x: Double, _ y: Double) -> Bool { (x - y).magnitude <= u * max(x.magnitude, y.magnitude) }
    let (first, second) = (a.cell.matrices, b.cell.matrices)
    matrices = first.count
    differing = zip(first, second).count { x, y in !zip(x, y).allSatisfy(isEqual) }
    let differences: [Double] = zip(first.joined(), second.joined()).map { x, y in x - y }
    squaredDifference = differences.reduce(0) { sum, difference in sum + difference * difference }
    squaredSize = first.joined().reduce(0) { sum, value in sum + value * value }
    let (own, other) = (first.joined().sorted(), second.joined().sorted())
    holdsSameNumbers = differing > 0 && own.count == other.count && zip(own, other).allSatisfy(isEqual)
  }
}

extension Cell<Double> {
  fileprivate var matrices: [[Double]] {
    gates.flatMap { [$0.gate.weightIH.elements, $0.gate.weightHH.elements] }
  }
}

/// What two sets of weights are to each other, nearly all of which differ.
public enum WeightRelation: Equatable, Sendable {
  /// The rms of the difference to that of the weights.
  case anotherCheckpoint(relative: Double)
  /// The same numbers in other places.
  case anotherLayout
}

extension [WeightComparison] {
  /// Nil where some of the weights are the same.
  var relation: WeightRelation? {
    let (matrices, differing) = (reduce(0) { $0 + $1.matrices }, reduce(0) { $0 + $1.differing })
    guard !isEmpty, allSatisfy({ $0.differing > 0 }), 10 * differing >= 9 * matrices else { return nil }
    if allSatisfy(\.holdsSameNumbers) { return .anotherLayout }
    guard !contains(where: \.holdsSameNumbers) else { return nil }
    let size = reduce(0) { $0 + $1.squaredSize }
    let relative = (reduce(0) { $0 + $1.squaredDifference } / size).squareRoot()
    return relative.isFinite ? .anotherCheckpoint(relative: relative) : nil
  }
}

extension CaseJudgement {
  /// What the weights of the two references of a cross check are to each other, where that is all there is to say: nothing
  /// that was tried explains the states of the one by the weights of the other.
  public func relation(of check: CrossJudgement) -> WeightRelation? {
    guard let relation = check.weightRelation else { return nil }
    let both = cross.filter {
      [$0.statesOf, $0.weightsOf] == [check.statesOf, check.weightsOf]
        || [$0.weightsOf, $0.statesOf] == [check.statesOf, check.weightsOf]
    }
    let isExplained = both.contains {
      $0.passes.contains { $0.stepwise.findings.contains { $0.explains == .all } }
    }
    return isExplained ? nil : relation
  }
}
