import Recurrent
import RecurrentConventions

extension RecordedPass {
  /// One direction of a layer, from what is in memory. Everything is optional but the cell: what is not recorded, a
  /// verdict does not rest on. A missing h is read off the layer's output where that is possible.
  ///
  /// - Parameters:
  ///   - direction: in which the cell goes through its input. Index t is input time in both.
  ///   - cell: the parameters as canonical gates. See the other initialisers for a framework's own tensors, and for
  ///     a cell in another scalar type.
  ///   - initialState: h `(B, S)`, of an LSTM c `(B, H)`, S being H or the projection's P; nil means zeros, and so
  ///     does an LSTM's c that is nil.
  ///   - states: h `(T, B, S)` and of an LSTM c `(T, B, H)` after every step. What stands at steps that are not valid
  ///     is never judged.
  ///   - finalState: what the run returned in the end, h `(B, S)` and of an LSTM c `(B, H)`.
  ///   - finalStateFormat: the format in which that was returned: float16, float32 or float64. Nil means float32
  ///     where that holds every value. The run is judged in the format of its recorded h, and without one in this.
  ///   - declared: what the run says of its arithmetic; nil for that of its format.
  ///   - initialStateSource: where the initial state came from; nil where that is not known.
  ///   - decimals: to how many decimals, 0 to 17, the states were printed on their way; nil where they were not.
  /// - Throws: `CaseError` for shapes that do not agree, weights or an initial state that are not finite, and what
  ///   a cell of this kind does not have.
  public init(
    direction: Direction = .forward, cell: Cell<Double>, initialState: State<Double>? = nil,
    states: RecordedStates = RecordedStates(), finalState: ReturnedState = ReturnedState(),
    finalStateFormat: FloatFormat? = nil, declared: DeclaredPrecision? = nil,
    initialStateSource: StateSource? = nil, decimals: Int? = nil
  ) throws(CaseError) {
    let cell = try cell.validated(at: .top.at("cell"))
    let returned = [finalState.h, finalState.c].compactMap { $0?.elements }.flatMap { $0 }
    if let finalStateFormat, !FloatFormat.stored.contains(finalStateFormat) {
      throw CasePlace.top.at("finalStateFormat").error(
        expected: "float16, float32 or float64", found: finalStateFormat.name)
    }
    self.init(
      direction: direction, cell: cell, initialState: initialState, states: states,
      format: states.h?.storage ?? finalStateFormat ?? .storing(returned), declared: declared,
      initialStateSource: initialStateSource, decimals: decimals, finalState: finalState)
    try validate(at: .top)
    if cell.kind == .lstm, let batch = initialState?.h.rows, self.initialState?.c == nil {
      self.initialState?.c = cell.zeroState(batch: batch).c
    }
  }

  /// One direction of a layer whose cell and states are all of one scalar type, in which it is judged: as a `Pass` of
  /// the cell returns them.
  ///
  /// - Parameters: as of the other initialiser.
  public init<S: Scalar>(
    direction: Direction = .forward, cell: Cell<S>, initialState: State<S>? = nil, states: States<S>,
    finalState: State<S>? = nil, declared: DeclaredPrecision? = nil, initialStateSource: StateSource? = nil,
    decimals: Int? = nil
  ) throws(CaseError) {
    let place = CasePlace.top
    func widened(_ state: State<S>, at place: CasePlace) throws(CaseError) -> State<Double> {
      // What is inconsistent in itself cannot be converted.
      try state.h.validateShape([state.h.rows, state.h.columns], at: place.at("h"))
      if let c = state.c { try c.validateShape([c.rows, c.columns], at: place.at("c")) }
      return state.converted(to: Double.self)
    }
    let returned = try finalState.map { (state) throws(CaseError) in
      try widened(state, at: place.at("finalState"))
    }
    try self.init(
      direction: direction, cell: try cell.validated(at: place.at("cell")),
      initialState: try initialState.map { (state) throws(CaseError) in
        try widened(state, at: place.at("initialState"))
      },
      states: RecordedStates(
        h: try RecordedSequence(states.h),
        c: try states.c.map { (c) throws(CaseError) in try RecordedSequence(c) }),
      finalState: ReturnedState(h: returned?.h, c: returned?.c), declared: declared,
      initialStateSource: initialStateSource, decimals: decimals)
  }

  /// One direction of a layer with the weights that a framework stores, in their own names, shapes and packing.
  ///
  /// - Parameters:
  ///   - direction: in which the cell goes through its input. Index t is input time in both.
  ///   - weights: every tensor of this direction by its name in the convention, as `kernel` or `weight_ih`: all of
  ///     them are used.
  ///   - convention: whose tensors they are.
  ///   - description: the cell that they are of.
  ///   - initialState: h `(B, S)`, of an LSTM c `(B, H)`; nil means zeros.
  ///   - states: h `(T, B, S)` and of an LSTM c `(T, B, H)` after every step.
  ///   - finalState: what the run returned in the end, h `(B, S)` and of an LSTM c `(B, H)`.
  ///   - finalStateFormat: the format in which that was returned, as above.
  ///   - declared: what the run says of its arithmetic; nil for that of its format.
  ///   - initialStateSource: where the initial state came from; nil where that is not known.
  ///   - decimals: to how many decimals, 0 to 17, the states were printed on their way; nil where they were not.
  /// - Throws: `CaseError` as the other initialiser, and at `weights/…` for a tensor that is missing, superfluous or
  ///   of another shape.
  public init(
    direction: Direction = .forward, weights: [String: NativeTensor], convention: Convention,
    description: CellDescription, initialState: State<Double>? = nil,
    states: RecordedStates = RecordedStates(), finalState: ReturnedState = ReturnedState(),
    finalStateFormat: FloatFormat? = nil, declared: DeclaredPrecision? = nil,
    initialStateSource: StateSource? = nil, decimals: Int? = nil
  ) throws(CaseError) {
    let cell: Cell<Double>
    do { cell = try convention.cell(description, from: weights) } catch {
      throw CasePlace.top.at("weights").at(error.tensor).error(expected: error.expected, found: error.found)
    }
    try self.init(
      direction: direction, cell: cell, initialState: initialState, states: states, finalState: finalState,
      finalStateFormat: finalStateFormat, declared: declared, initialStateSource: initialStateSource,
      decimals: decimals)
  }

  /// T and B of what is recorded of every step; nil where nothing is.
  var recordedAxes: [Int]? { (states.h ?? states.c).map { [$0.timesteps, $0.batch] } }

  /// B of anything that is recorded.
  var recordedBatch: Int? {
    recordedAxes?[1] ?? initialState?.h.rows ?? finalState.h?.rows ?? finalState.c?.rows
  }

  private func validate(at place: CasePlace) throws(CaseError) {
    let (S, H) = (cell.stateSize, cell.hiddenSize)
    if let decimals, !(0...17 ~= decimals) {
      throw place.at("decimals").error(expected: "0 to 17", found: "\(decimals)")
    }
    if cell.kind != .lstm {
      let others: [(String, Bool)] = [
        ("initialState/c", initialState?.c != nil), ("states/c", states.c != nil),
        ("finalState/c", finalState.c != nil),
      ]
      if let (name, _) = others.first(where: \.1) {
        throw place.at(name).error(expected: "nothing of cell \"\(cell.kind.rawValue)\"", found: "values")
      }
    }
    if let axes = recordedAxes {
      try place.at("states/h").expect(axes + [S], found: states.h?.shape ?? axes + [S])
      try place.at("states/c").expect(axes + [H], found: states.c?.shape ?? axes + [H])
    }
    guard let batch = recordedBatch else { return }
    if let initialState {
      try initialState.h.validate(shape: [batch, S], at: place.at("initialState/h"))
      try initialState.c?.validate(shape: [batch, H], at: place.at("initialState/c"))
    }
    try finalState.h?.validateShape([batch, S], at: place.at("finalState/h"))
    try finalState.c?.validateShape([batch, H], at: place.at("finalState/c"))
  }
}
