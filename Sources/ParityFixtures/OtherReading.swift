import Recurrent
import RecurrentConventions
import RecurrentParity

/// A description that weights agree with which are refused by the declared one: what was most likely meant.
struct OtherReading {
  let description: CellDescription
  /// "what reset_after=False has"
  let text: String

  /// - Parameter below: the layer that the cell reads; nil for the first.
  static func all(of declared: CellDescription, above below: RecordedLayer?) -> [OtherReading] {
    var readings: [OtherReading] = []
    func consider(_ text: String, _ change: (inout CellDescription) -> Void) {
      var description = declared
      change(&description)
      readings.append(OtherReading(description: description, text: text))
    }
    if declared.kind == .gru {
      consider("what reset_after \(!declared.resetAfter) has") { $0.resetAfter.toggle() }
    }
    guard let below, below.passes.count == 2, let width = below.passes.first?.cell.stateSize else {
      return readings
    }
    if below.merge == .concat {
      consider("what reads one of the two directions of the layer below") { $0.inputSize = width }
    } else {
      consider("what reads the two directions of the layer below concatenated") { $0.inputSize = 2 * width }
    }
    return readings
  }
}
