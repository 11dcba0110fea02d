import Recurrent

/// One step with what is recorded of it, as plain numbers: for fitting, which is proven on all steps later.
struct RecordedStep {
  let index: StepIndex
  let x: [Double]
  let h: [Double]
  /// Nil where an LSTM's c is not recorded.
  var c: [Double]?
  let target: StatePair<[Double], [Double]?>

  /// Nil where h is not recorded.
  init?(_ index: StepIndex, of problem: StepwiseProblem) {
    guard let h = problem.past(.h, index), let target = problem.target.h?.row(index.t, index.b) else {
      return nil
    }
    self.index = index
    x = Array(problem.input.values.row(index.t, index.b))
    self.h = Array(h)
    c = problem.past(.c, index).map(Array.init)
    self.target = StatePair(
      h: Array(target), c: problem.target.c.map { Array($0.row(index.t, index.b)) })
  }

  /// How far what the cell makes of other inputs, one a row, is from the record: each `[h, c]`.
  func residuals(_ cell: Cell<Double>, inputs: [[Double]]) -> [[Double]] {
    let next = next(cell, inputs: inputs)
    return inputs.indices.map { row in
      var residuals = zip(next.h.row(row), target.h).map { $0 - $1 }
      if let c = next.c, let recorded = target.c { residuals += zip(c.row(row), recorded).map { $0 - $1 } }
      return residuals
    }
  }

  func next(_ cell: Cell<Double>, inputs: [[Double]]) -> State<Double> {
    func repeated(_ row: [Double]) -> Matrix<Double> {
      Matrix(rows: inputs.count, columns: row.count, elements: inputs.flatMap { _ in row })
    }
    return cell.step(
      x: Matrix(rows: inputs.count, columns: x.count, elements: inputs.flatMap { $0 }),
      State(h: repeated(h), c: c.map(repeated)))
  }
}
