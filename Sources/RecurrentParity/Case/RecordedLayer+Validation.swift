import Recurrent

extension RecordedLayer {
  /// One layer of a reference, from what is in memory.
  ///
  /// - Parameters:
  ///   - name: the layer's path in the user's model, by which reports call it.
  ///   - passes: one, or forward and backward, whose cells are of one kind and size.
  ///   - merge: how the outputs of two passes become one.
  ///   - input: `(T, B, I)`: what the layer was really fed. Nil means the output of the layer below, and of the first
  ///     layer the input of the case. A layer with an input of its own has axes of its own, T and B.
  ///   - lengths: `(B)`: of each sequence of that input the number of valid steps, 0 to T. Nil means all.
  ///   - mask: `(T, B)`, row-major, in place of lengths: true where a step is valid.
  ///   - output: the merged output as it was returned: `(T, B, D · S)` concatenated, else `(T, B, S)`. A missing h of
  ///     the passes is read off it where that is possible; a c without h is not used.
  ///   - emptyFinal: what a sequence without a valid step returns as its final state.
  ///   - otherOptions: options of the layer that have no formula here, and their values: what they do cannot be
  ///     judged.
  ///   - pair: a label: layers of two references that have an equal one are one, whatever names and weights say.
  /// - Throws: `CaseError` for shapes that do not agree, and for an input that is not finite at a valid step.
  public init(
    name: String, passes: [RecordedPass], merge: MergeMode = .concat, input: RecordedSequence? = nil,
    lengths: [Int]? = nil, mask: [Bool]? = nil, output: RecordedSequence? = nil,
    emptyFinal: EmptyFinal = .initial, otherOptions: [String: String] = [:], pair: String? = nil
  ) throws(CaseError) {
    let place = CasePlace.top
    let valid = try ValidSteps.validated(lengths: lengths, mask: mask, of: input, at: place)
    self.init(
      name: name, merge: merge, input: input, valid: valid, output: output, passes: passes, module: nil,
      emptyFinal: emptyFinal,
      otherOptions: otherOptions.sorted { $0.key < $1.key }.map {
        OtherOption(name: $0.key, value: $0.value)
      }, calls: nil,
      pair: pair)
    try validatePasses(at: place)
    readStatesOffOutput()
  }

  private func validatePasses(at place: CasePlace) throws(CaseError) {
    guard let first = passes.first, passes.count <= 2 else {
      throw place.at("passes").error(
        expected: "one pass, or forward and backward", found: "\(passes.count) passes")
    }
    if passes.count == 2 {
      let directions = passes.map(\.direction)
      guard directions == [.forward, .backward] else {
        throw place.at("passes").error(
          expected: "forward, then backward", found: directions.map(\.rawValue).joined(separator: ", "))
      }
      try place.at("passes", 1).at("cell").expectHalf(first.cell, passes[1].cell)
      guard first.declared == passes[1].declared, first.decimals == passes[1].decimals else {
        throw place.at("passes", 1).at("declared").error(
          expected: "what the other direction declares of its arithmetic", found: "something else")
      }
    }
    if let input, input.features != first.cell.inputSize {
      throw place.at("input").error(
        expected: "\(first.cell.inputSize) features, as the cell reads", found: "\(input.features)")
    }
    if let output, output.features != outputSize {
      throw place.at("output").error(
        expected: "\(outputSize) features, as the passes merge to", found: "\(output.features)")
    }
    let axes = [input, output].compactMap { $0.map { [$0.timesteps, $0.batch] } }.first
    try validateAxes(axes ?? passes.lazy.compactMap(\.recordedAxes).first, at: place)
  }

  /// - Parameter axes: T and B of the layer, where they are known.
  func validateAxes(_ axes: [Int]?, at place: CasePlace) throws(CaseError) {
    for (name, sequence) in [("input", input), ("output", output)] {
      guard let sequence, let axes else { continue }
      try place.at(name).expect(axes + [sequence.features], found: sequence.shape)
    }
    let batch = axes?[1] ?? passes.lazy.compactMap(\.recordedBatch).first
    for (index, pass) in passes.enumerated() {
      let place = place.at("passes", index)
      for kind in StateKind.allCases {
        if let sequence = pass.states[kind], let axes {
          try place.at("states/\(kind.rawValue)").expect(axes + [sequence.features], found: sequence.shape)
        }
        for (name, state) in [
          ("initialState", pass.initialState?[kind]), ("finalState", pass.finalState[kind]),
        ] {
          guard let state, let batch else { continue }
          try place.at("\(name)/\(kind.rawValue)").expect(
            [batch, state.columns], found: [state.rows, state.columns])
        }
      }
    }
  }

  /// One direction's output, or each one's part of a concatenation, is its h. Without h there is no past to judge c
  /// from.
  private mutating func readStatesOffOutput() {
    let parts = merge == .concat ? passes.count : 1
    for index in passes.indices where passes[index].states.h == nil {
      if parts == passes.count, let h = output?.part(index, of: parts) {
        passes[index].states.h = h
        passes[index].format = h.storage
      } else {
        passes[index].states.c = nil
      }
    }
  }
}

extension CasePlace {
  /// The two directions of a layer differ in nothing but their parameters and activations.
  fileprivate func expectHalf(_ forward: Cell<Double>, _ backward: Cell<Double>) throws(CaseError) {
    let (expected, found) = (forward.outline, backward.outline)
    guard expected == found else {
      throw error(expected: "\(expected), as the forward direction", found: found)
    }
  }
}

extension Cell<Double> {
  /// What the two directions of a layer have in common, in words.
  fileprivate var outline: String {
    let size = "\(kind.rawValue) of I = \(inputSize), H = \(hiddenSize), S = \(stateSize)"
    func clipped(_ clip: Double?) -> String { clip.map { ", clip \($0)" } ?? "" }
    switch self {
    case .rnn(let cell): return size + clipped(cell.clip)
    case .gru(let cell):
      return size + clipped(cell.clip) + (cell.resetAfter ? ", reset after" : ", reset before")
    case .lstm(let cell): return size + clipped(cell.clip) + (cell.inputForget ? ", f = 1 − i" : "")
    }
  }
}
