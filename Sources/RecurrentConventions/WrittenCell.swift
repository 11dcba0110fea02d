import Recurrent

/// A cell that is run by the equations that its convention prints, on its native weights: what a `ConventionSheet` says,
/// as a function.
public struct WrittenCell: Sendable {
  private let cell: Cell<Double>
  private let notation: Notation
  private let tensors: [String: NativeTensor]

  /// - Throws: `ConventionError` for a cell that the convention does not have.
  public init(_ convention: Convention, _ cell: Cell<Double>) throws(ConventionError) {
    let own = cell.converted(to: convention.formula)
    self.init(
      own, convention.rules.notation(cell.kind), tensors: try convention.tensors(of: own))
  }

  init(_ cell: Cell<Double>, _ notation: Notation, tensors: [String: NativeTensor]) {
    (self.cell, self.notation, self.tensors) = (cell, notation, tensors)
  }

  /// The state after the step: `x (B, I)`, h and c `(B, H)`.
  ///
  /// - Throws: `NotationError` for an equation that cannot be read, that names what is not there, and whose shapes do
  ///   not fit.
  public func step(x: Matrix<Double>, _ state: State<Double>) throws(NotationError) -> State<Double> {
    var symbols: [String: NotationValue] = [:]
    for symbol in notation.symbols where symbol.condition?.holds(of: cell) ?? true {
      symbols[symbol.name] = try symbol.value(in: tensors, hiddenSize: cell.hiddenSize)
    }
    let lines = notation.equations.filter { $0.condition?.holds(of: cell) ?? true }
    var equations: [Assignment] = []
    for line in lines { equations.append(try Assignment(line.text)) }
    let functions = notation.functions.mapValues(function)
    var (h, c): ([Double], [Double]) = ([], [])
    for row in 0..<x.rows {
      var names = symbols
      names[notation.input] = .vector(x.row(row))
      names[notation.state.before] = .vector(state.h.row(row))
      if let memory = notation.memory, let c = state.c { names[memory.before] = .vector(c.row(row)) }
      for equation in equations { names[equation.name] = try equation.expression.value(names, functions) }
      h += try vector(names, notation.state.after)
      if let memory = notation.memory { c += try vector(names, memory.after) }
    }
    let width = x.rows > 0 ? h.count / x.rows : 0
    return State(
      h: Matrix(rows: x.rows, columns: width, elements: h),
      c: notation.memory.map { _ in Matrix(rows: x.rows, columns: c.count / x.rows, elements: c) })
  }

  private var said: CellDescription { CellDescription(cell) }

  private func vector(
    _ names: [String: NotationValue], _ name: String
  ) throws(NotationError) -> [Double] {
    guard case .vector(let vector) = names[name] else {
      throw NotationError(text: name, expected: "an equation that gives it, a vector", found: "none")
    }
    return vector
  }

  private func function(_ function: CellFunction) -> (Double) -> Double {
    switch function {
    case .activation: { [said = said] in said.activation($0) }
    case .recurrentActivation: { [said = said] in said.recurrentActivation($0) }
    case .outputActivation: { [said = said] in (said.outputActivation ?? said.activation)($0) }
    case .clip: { [limit = said.clip ?? .infinity] in max(-limit, min(limit, $0)) }
    }
  }
}

extension Matrix<Double> {
  fileprivate func row(_ index: Int) -> [Double] {
    Array(elements[index * columns..<(index + 1) * columns])
  }
}
