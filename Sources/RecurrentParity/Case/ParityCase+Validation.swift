import Recurrent

extension ParityCase {
  /// What a case is said to be read from that was made of values.
  package static let inMemory = "in memory"

  /// A case of what is in memory, to be judged or written.
  ///
  /// - Parameters:
  ///   - name: under which the case is reported.
  ///   - summary: one sentence, for people.
  ///   - seed: of what made the values, for people.
  ///   - input: `(T, B, I)`, what the first layers read. Nil where the first layer of every reference records its own.
  ///   - lengths: `(B)`: of each sequence of the input the number of valid steps, 0 to T. Nil means all.
  ///   - mask: `(T, B)`, row-major, in place of lengths: true where a step is valid.
  ///   - references: at least one, of different names; the case has them in name order.
  /// - Throws: `CaseError` for references that do not read the input, shapes that do not agree with it, an input that
  ///   is not finite at a valid step, and a declared precision that the states contradict.
  public init(
    name: String, summary: String? = nil, seed: Int? = nil, input: RecordedSequence? = nil,
    lengths: [Int]? = nil, mask: [Bool]? = nil, references: [Reference]
  ) throws(CaseError) {
    let place = CasePlace.top
    let references = references.inNameOrder
    guard let first = references.first?.layers.first else {
      throw place.at("references").error(expected: "at least one reference", found: "none")
    }
    let valid = try ValidSteps.validated(lengths: lengths, mask: mask, of: input, at: place)
    let common = input ?? first.input
    self.init(
      file: Self.inMemory, name: name, summary: summary, seed: seed,
      // Where each layer has an input of its own, the first layer's stands for the case.
      input: common ?? RecordedSequence(BatchedSequence(zeros: 0, 0, 0)),
      inputFormat: input?.storage ?? .float32, valid: valid ?? first.valid ?? ValidSteps(all: 0, batch: 0),
      references: references)
    try validateReferences(readingInput: input != nil)
  }

  /// Whether the input is more than that of the first layer, which stands for the case where each reference has its
  /// own.
  package var hasInput: Bool {
    let first = references.compactMap(\.layers.first)
    guard first.allSatisfy({ $0.input != nil }), let layer = first.first, let own = layer.input else {
      return true
    }
    return inputFormat != .float32 || valid != valid(in: layer) || !own.isIdentical(to: input)
  }

  /// The same case with one more reference, as what a program in memory computed of a fixture's input.
  ///
  /// - Throws: `CaseError` as the initialiser, and for a name that a reference of the case has.
  public func adding(_ reference: Reference) throws(CaseError) -> ParityCase {
    var parityCase = self
    parityCase.references = (references + [reference]).inNameOrder
    let hasInput = hasInput
    if !hasInput, let first = parityCase.references[0].layers.first, let input = first.input {
      parityCase.input = input
      parityCase.valid = valid(in: first)
    }
    try parityCase.validateReferences(readingInput: hasInput)
    return parityCase
  }

  /// - Parameter readingInput: whether the case has an input that is not the first layer's own.
  private mutating func validateReferences(readingInput: Bool) throws(CaseError) {
    for (reference, next) in zip(references, references.dropFirst()) where reference.name == next.name {
      throw CasePlace.top.at("references").error(
        expected: "references of different names", found: "two called \"\(reference.name)\"")
    }
    for index in references.indices {
      let reference = references[index]
      let place = CasePlace.top.at("references").at(reference.name)
      for (number, layer) in reference.layers.enumerated() {
        let place = place.at("layers", number)
        if number == 0, layer.input == nil {
          try expectInput(of: layer, isThere: readingInput, at: place)
        }
        let valid = valid(in: layer)
        try layer.validateAxes([valid.timesteps, valid.batch], at: place)
        for pass in layer.passes.indices {
          let format = try format(of: pass, in: layer, readingInput, at: place.at("passes", pass))
          // Setting anything makes the reference another object than its file's.
          if format != layer.passes[pass].format {
            references[index].layers[number].passes[pass].format = format
          }
        }
      }
    }
  }

  private func expectInput(of layer: RecordedLayer, isThere: Bool, at place: CasePlace) throws(CaseError) {
    guard isThere else {
      throw place.at("input").error(expected: "an input of the layer or of the case", found: "none")
    }
    let inputSize = layer.passes[0].cell.inputSize
    guard input.features == inputSize else {
      throw place.at("passes", 0).at("cell").error(
        expected: "an input size of \(input.features), as the case's input", found: "\(inputSize)")
    }
  }

  /// The format that a pass is judged in, by what it declares.
  private func format(
    of index: Int, in layer: RecordedLayer, _ readingInput: Bool, at place: CasePlace
  ) throws(CaseError) -> FloatFormat {
    let pass = layer.passes[index]
    let fallback = layer.output?.storage ?? (readingInput ? inputFormat : layer.input?.storage ?? .float32)
    let stored = pass.states.h?.storage ?? (pass.finalState.h == nil ? fallback : pass.format)
    guard let declared = pass.declared else { return stored }
    let valid = valid(in: layer)
    let states = StateKind.allCases.flatMap { kind in
      [
        pass.states[kind]?.zeroed(outside: valid),
        pass.finalState[kind].map {
          RecordedSequence(
            BatchedSequence(timesteps: 1, batch: $0.rows, features: $0.columns, elements: $0.elements))
        },
      ].compactMap { $0 }
    }
    do {
      return try declared.format(
        storedAs: stored, holding: states, arePrinted: pass.decimals != nil, place: place.path)
    } catch {
      throw place.at("declared").error(expected: error.expected, found: error.found)
    }
  }
}

extension [Reference] {
  /// As a file has them.
  fileprivate var inNameOrder: [Reference] {
    sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }
}
