import Recurrent

/// The right initial states in the wrong order.
extension HypothesisCatalogue {
  var initialStateOrders: [Hypothesis] {
    guard let own = problem.initialState else { return [] }
    var all: [(mistake: Mistake, state: State<Double>)] = []
    func starting(_ mistake: Mistake, from state: State<Double>?) {
      guard let state, state != own, !all.contains(where: { $0.state == state }) else { return }
      all.append((mistake, state))
    }
    if let c = own.c {
      let zeros = cell.zeroState(batch: problem.valid.batch)
      if c.columns == own.h.columns {
        starting(Mistake(.initialStatesExchanged), from: State(h: c, c: own.h))
      }
      if own.h != zeros.h, c != zeros.c {
        starting(Mistake(.initialStateIgnored, "h"), from: State(h: zeros.h, c: c))
        starting(Mistake(.initialStateIgnored, "c"), from: State(h: own.h, c: zeros.c))
      }
    }
    for (name, rows) in rowOrders {
      starting(Mistake(.initialStateRows, name), from: own.rearranged(rows))
    }
    let layers = context.parameters.layers
    let ownLayer = layers[context.layer].passes.indices.map { (context.layer, $0) }
    let every = layers.indices.flatMap { layer in layers[layer].passes.indices.map { (layer, $0) } }
    for (passes, letters) in [(ownLayer, ("B, D", "D, B")), (every, ("B, L·D", "L·D, B"))] {
      guard let stack = StateStack(context, passes) else { continue }
      starting(Mistake(.initialStateLayout, letters.0), from: stack.own(readAs: .batchFirst))
      starting(Mistake(.initialStateLayout, letters.1), from: stack.own(readAs: .batchLast))
    }
    return all.map { mistake, state in
      Hypothesis(mistake, .initialState, .problem { $0.initialState = state })
    }
  }

  /// Other orders of the batch.
  private var rowOrders: [(name: String, rows: [Int])] {
    let rows = Array(0..<problem.valid.batch)
    guard rows.count > 1 else { return [] }
    let counts = problem.valid.counts
    let sorted = rows.sorted { (counts[$1], $0) < (counts[$0], $1) }
    var unsorted = rows
    for (position, row) in sorted.enumerated() { unsorted[row] = position }
    return [
      ("sorted by length", sorted), ("unsorted", unsorted), ("reversed", rows.reversed()),
      ("rotated", Array(rows.dropFirst() + rows.prefix(1))),
      ("rotated back", Array(rows.suffix(1) + rows.dropLast())),
    ]
  }
}

/// The initial states of several passes as one array `(S, B, H)`, as frameworks take it.
private struct StateStack {
  private let states: [State<Double>]
  private let own: Int
  private let batch: Int

  enum Reading {
    /// An array `(B, S, H)` was given where `(S, B, H)` is read.
    case batchFirst
    /// An array `(S, B, H)` was given where `(B, S, H)` is read.
    case batchLast
  }

  /// Nil where the states do not form one array, or only one.
  init?(_ context: DiagnosisContext, _ passes: [(layer: Int, pass: Int)]) {
    guard passes.count > 1, let own = passes.firstIndex(where: { $0 == (context.layer, context.pass) }),
      let shape = context.problem.initialState
    else { return nil }
    batch = shape.h.rows
    states = passes.compactMap { layer, pass in
      let other = context.parameters.layers[layer].passes[pass]
      let cell = other.cell
      guard cell.kind == context.problem.cell.kind else { return nil }
      return other.initialState ?? cell.zeroState(batch: shape.h.rows)
    }
    self.own = own
    guard batch > 1, states.count == passes.count,
      states.allSatisfy({ $0.h.hasShape(of: shape.h) && $0.c?.columns == shape.c?.columns })
    else { return nil }
  }

  /// The pass's own initial state, as it is cut from an array of another layout.
  func own(readAs reading: Reading) -> State<Double> {
    let sources = (0..<batch).map { row -> (state: Int, row: Int) in
      switch reading {
      case .batchFirst:
        let position = own * batch + row
        return (position % states.count, position / states.count)
      case .batchLast:
        let position = row * states.count + own
        return (position / batch, position % batch)
      }
    }
    func gathered(_ kind: StateKind) -> Matrix<Double>? {
      states[own][kind].map { shape in
        Matrix(
          rows: batch, columns: shape.columns,
          elements: sources.flatMap { states[$0.state][kind]?.row($0.row) ?? [] })
      }
    }
    return State(h: gathered(.h) ?? states[own].h, c: gathered(.c))
  }
}

extension State<Double> where Hidden == Matrix<Double>, Memory == Matrix<Double>? {
  /// Row k is what was row `rows[k]`.
  fileprivate func rearranged(_ rows: [Int]) -> Self {
    func rearranged(_ matrix: Matrix<Double>) -> Matrix<Double> {
      Matrix(
        rows: matrix.rows, columns: matrix.columns, elements: rows.flatMap { Array(matrix.row($0)) })
    }
    return Self(h: rearranged(h), c: c.map(rearranged))
  }
}

extension Matrix {
  fileprivate func hasShape(of other: Matrix) -> Bool { rows == other.rows && columns == other.columns }
}
