import Recurrent
import RecurrentConventions
import RecurrentParity

/// Writes one direction of a layer.
struct PassWriter {
  let pass: RecordedPass
  let convention: Convention
  /// This direction's part of the layer's output, where it can be told.
  let output: RecordedSequence?
  /// The type that a reader takes the pass to be of where no state of it says it.
  let format: FloatFormat

  func write(to node: WritingNode) throws(FixtureError) {
    try writeWeights(to: try node.child("weights"))
    try writeInitialState(to: node)
    // A reader takes h from the output where there is none.
    if let h = pass.states.h, node.session.needs("\(node.path)/h") || !(output?.isIdentical(to: h) ?? false) {
      try node.write("h", h)
    }
    if let c = pass.states.c { try node.write("c", c) }
    try writeFinalState(to: node)
  }

  /// Every native tensor, if those are the cell.
  private func writeWeights(to node: WritingNode) throws(FixtureError) {
    guard pass.cell.formula == convention.formula else {
      throw node.error(
        expected: "a cell of the \(convention.rawValue) convention's formula, \(convention.formula)",
        found: "\(pass.cell.formula)")
    }
    let tensors: [String: NativeTensor]
    let read: Cell<Double>
    do {
      tensors = try convention.tensors(of: pass.cell)
      read = try convention.cell(CellDescription(pass.cell), from: tensors)
    } catch {
      throw node.session.error(
        "\(node.path)/\(error.tensor)", expected: error.expected, found: error.found)
    }
    guard read == pass.cell else {
      throw node.error(
        expected: "a cell that is all in \(convention.rawValue) weights",
        found: "one with more than they hold")
    }
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      try node.write(name, tensor.values, shape: tensor.shape)
    }
  }

  private func writeInitialState(to node: WritingNode) throws(FixtureError) {
    guard pass.initialState != nil || pass.initialStateSource != nil else { return }
    let group = try node.child("initial_state")
    try group.set("source", pass.initialStateSource?.rawValue)
    for kind in StateKind.allCases {
      if let state = pass.initialState?[kind] { try group.write(kind.rawValue, state) }
    }
  }

  private func writeFinalState(to node: WritingNode) throws(FixtureError) {
    let stored = try storedFormat(node)
    guard pass.finalState.h != nil || pass.finalState.c != nil else { return }
    let group = try node.child("final_state")
    if let h = pass.finalState.h { try group.write("h", h, as: stored) }
    if let c = pass.finalState.c { try group.write("c", c) }
  }

  /// The type of the final h with which a reader judges the pass in its format; nil where h tells it, or the layer.
  private func storedFormat(_ node: WritingNode) throws(FixtureError) -> FloatFormat? {
    let candidates: [FloatFormat]
    if let h = pass.states.h {
      candidates = [h.storage]
    } else if let h = pass.finalState.h {
      candidates = [FloatFormat.float16, .float32, .float64].filter { format in
        h.elements.allSatisfy { $0.isNaN || format.holds($0) }
      }
    } else {
      candidates = [format]
    }
    guard let stored = candidates.first(where: isJudgedAsDeclared) else {
      throw node.error(
        expected:
          "a run judged as \(candidates.map(\.name).joined(separator: " or ")), as its values are stored",
        found: pass.format.name)
    }
    return pass.states.h == nil && pass.finalState.h != nil ? stored : nil
  }

  /// Whether a reader of values of that type judges them in the pass's format.
  private func isJudgedAsDeclared(_ stored: FloatFormat) -> Bool {
    guard let declared = pass.declared, let whole = declared.wholeFormat,
      whole.unitRoundoff >= stored.unitRoundoff
    else { return stored == pass.format }
    return whole == pass.format || declared.mayBePartial && stored == pass.format
  }
}
