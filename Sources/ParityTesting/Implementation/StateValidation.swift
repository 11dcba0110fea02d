import Recurrent
import RecurrentParity

/// What an implementation returned of one pass, checked and in input time.
struct StateValidation<Element: ParityElement> {
  let cell: CellUnderTest<Element>
  let order: SequenceOrder

  /// - Parameter mayBeEmpty: whether it may say nothing of the pass.
  func pass(
    _ computed: ComputedStates<Element>, of own: RecordedPass, mayBeEmpty: Bool = false
  ) throws(ImplementationError) -> RecordedPass {
    let isLSTM = cell.kind == .lstm
    if !isLSTM, computed.c != nil || computed.finalC != nil {
      throw ImplementationError(
        cell.place, expected: "h alone: a \(cell.kind.rawValue) has no c", found: "a c")
    }
    let h = try sequence(computed.h, "h", features: cell.stateSize)
    let c = try sequence(computed.c, "c", features: cell.hiddenSize)
    let finalH = try matrix(computed.finalH, "final h", columns: cell.stateSize)
    let finalC = try matrix(computed.finalC, "final c", columns: cell.hiddenSize)
    if c != nil, h == nil {
      throw ImplementationError("\(cell.place): c", expected: "the h of every step beside it", found: "none")
    }
    if !mayBeEmpty, h == nil, finalH == nil, finalC == nil {
      throw ImplementationError(
        cell.place, expected: "states, or last states", found: "nothing: there is nothing to judge")
    }
    return RecordedPass(
      direction: own.direction, cell: own.cell, initialState: own.initialState,
      states: RecordedStates(h: h, c: c), format: Element.format, declared: Element.declaredPrecision,
      initialStateSource: own.initialStateSource, finalState: ReturnedState(h: finalH, c: finalC))
  }

  /// `(T, B, D)` in the layout.
  private func sequence(
    _ tensor: ParityTensor<Element>?, _ name: String, features: Int
  ) throws(ImplementationError) -> RecordedSequence? {
    guard let tensor else { return nil }
    let shape = order.layout.shape(
      timesteps: order.valid.timesteps, batch: order.valid.batch, features: features)
    let checked = try tensor.checked(shape, "\(cell.place): \(name)")
    return RecordedSequence(order.inInputTime(checked, features: features), storage: Element.format)
  }

  private func matrix(
    _ tensor: ParityTensor<Element>?, _ name: String, columns: Int
  ) throws(ImplementationError) -> Matrix<Double>? {
    guard let tensor else { return nil }
    let rows = order.valid.batch
    let checked = try tensor.checked([rows, columns], "\(cell.place): \(name)")
    return Matrix(rows: rows, columns: columns, elements: checked.values.map { Double($0) })
  }
}

extension ParityTensor {
  /// The same in the expected shape; a flat array of the right count has it too.
  func checked(_ expected: [Int], _ place: String) throws(ImplementationError) -> ParityTensor {
    guard isComplete || shape.contains(where: { $0 < 0 }) else {
      throw ImplementationError(
        place, expected: "\(shape.reduce(1, *)) values for its shape \(shape.shapeText)",
        found: "\(values.count)")
    }
    guard shape == expected || (shape.count == 1 && values.count == expected.reduce(1, *)) else {
      throw ImplementationError(
        place, expected: "shape \(expected.shapeText)", found: "shape \(shape.shapeText)")
    }
    return ParityTensor(shape: expected, values: values)
  }
}
