import Recurrent
import Testing

@testable import RecurrentParity

extension ParityCase {
  /// `h − F` of every valid step by the literal formula, sequence after sequence, from the recorded past: what the
  /// judge has to see, found without the judge.
  ///
  /// - Parameters:
  ///   - reference: whose states.
  ///   - parameters: whose weights and initial states; nil for the reference's own.
  func literalResiduals(of reference: Reference, by parameters: Reference? = nil) -> [Place: [Double]] {
    var residuals: [Place: [Double]] = [:]
    for (index, layer) in reference.layers.enumerated() {
      let fed = reference.handedOn(toLayer: index, of: self)
      for (number, pass) in layer.passes.enumerated() {
        let other = (parameters ?? reference).layers[index].passes[number]
        let cell = other.cell.converted(to: pass.cell.formula)
        for (b, length) in lengths.enumerated() {
          for t in 0..<length {
            let before = pass.direction.previous(t, length: length)
            let past =
              before.map { Array(pass.h.elements[pass.h.range($0, b)]) }
              ?? other.initialState.map { Array($0.h.row(b)) }
              ?? [Double](repeating: 0, count: cell.hiddenSize)
            let x = Array(fed.elements[fed.range(t, b)])
            let expected = cell.step(
              x: Matrix(rows: 1, columns: x.count, elements: x),
              h: Matrix(rows: 1, columns: past.count, elements: past))
            let recorded = pass.h.elements[pass.h.range(t, b)]
            residuals[Place(index, pass.direction, t), default: []] += zip(recorded, expected.elements).map(-)
          }
        }
      }
    }
    return residuals
  }
}

/// Where a change to a run shows.
struct Effect {
  /// Steps that it moves further from the formula than any rounding does.
  let places: Set<Place>
  /// Whether it moves every other step by nothing that could be seen: then the judge has no choice.
  let isClear: Bool

  /// - Parameters: literal residuals before and after the change.
  init(_ before: [Place: [Double]], _ after: [Place: [Double]]) {
    var places: Set<Place> = []
    var isClear = before.keys == after.keys
    for (place, residuals) in after {
      let moved = zip(residuals, before[place] ?? []).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
      // The states lie below 10: a Float32 step of some 20 terms is certified to within 1e-4 of the formula, and
      // what moves it by 1e-9 is less than a thousandth of a rounding.
      if moved > 1e-3 { places.insert(place) } else if moved > 1e-9 { isClear = false }
    }
    self.places = places
    self.isClear = isClear
  }
}
