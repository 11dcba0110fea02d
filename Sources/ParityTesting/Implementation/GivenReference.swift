import Recurrent
import RecurrentParity

/// The reference whose weights and inputs an implementation is given.
struct GivenReference<Element: ParityElement> {
  let parityCase: ParityCase
  let reference: Reference
  /// What each layer was fed, `(T, B, I)`.
  let inputs: [BatchedSequence<Double>]

  init(_ reference: Reference, in parityCase: ParityCase) {
    self.parityCase = parityCase
    self.reference = reference
    var inputs: [BatchedSequence<Double>] = []
    for (index, layer) in reference.layers.enumerated() {
      if let recorded = layer.input {
        inputs.append(recorded.whole)
      } else if index == 0 {
        inputs.append(parityCase.input.whole)
      } else {
        let below = reference.layers[index - 1]
        inputs.append(
          below.recordedOutput
            ?? below.computedOutput(inputs[index - 1], valid: below.valid ?? parityCase.valid))
      }
    }
    self.inputs = inputs
  }

  /// Which steps of a layer are valid.
  func valid(_ layer: Int) -> ValidSteps { reference.layers[layer].valid ?? parityCase.valid }

  /// A pass without its input.
  func cell(layer: Int, pass: Int) throws(ImplementationError) -> CellUnderTest<Element> {
    let recorded = reference.layers[layer]
    return try CellUnderTest(
      recorded.passes[pass], layer: layer, name: recorded.name, convention: reference.convention,
      batch: valid(layer).batch)
  }

  /// A layer of the reference with what an implementation computed in place of what was recorded.
  ///
  /// - Parameter input: what it was fed; nil where that is the case's input or the output of the layer below.
  func layer(
    _ index: Int, input: RecordedSequence?, output: RecordedSequence? = nil, passes: [RecordedPass]
  ) -> RecordedLayer {
    let own = reference.layers[index]
    return RecordedLayer(
      name: own.name, merge: own.merge, input: input, valid: own.valid, output: output, passes: passes,
      module: own.module, emptyFinal: own.emptyFinal, otherOptions: own.otherOptions, calls: nil,
      pair: own.pair)
  }

  /// The reference as the implementation computed it.
  func reference(named name: String, layers: [RecordedLayer]) -> Reference {
    Reference(
      name: name, framework: "swift", frameworkVersion: "\(Element.self)", convention: reference.convention,
      environment: nil, layers: layers, model: nil, object: nil)
  }

  /// Where the layers are not fed one by the other, and a network of them alone is another one; nil where they are.
  var interruption: ImplementationError? {
    for (index, layer) in reference.layers.enumerated().dropFirst() {
      guard let fed = layer.input else { continue }
      let below = reference.layers[index - 1]
      let isFed = below.recordedOutput.map { output in
        (output.timesteps, output.batch, output.features) == (fed.timesteps, fed.batch, fed.features)
          && valid(index) == valid(index - 1)
          && RecordedSequence(output).stepsDiffering(from: fed, valid: valid(index)).isEmpty
      }
      if isFed == true { continue }
      return ImplementationError(
        "network: layer \(index)", expected: "a layer that is fed the output of layer \(index - 1)",
        found: (isFed == nil ? "no record of that output" : "another input")
          + ": judge it pass by pass, with .pass")
    }
    return nil
  }
}

extension RecordedLayer {
  /// The merged output as far as it is recorded, or its states are.
  fileprivate var recordedOutput: BatchedSequence<Double>? {
    if let output { return output.whole }
    let parts = passes.compactMap { $0.states.h?.whole }
    return parts.count == passes.count ? merge.merged(parts) : nil
  }

  /// The same from the formula, where nothing is recorded.
  fileprivate func computedOutput(
    _ input: BatchedSequence<Double>, valid: ValidSteps
  ) -> BatchedSequence<Double> {
    let run = Layer(
      passes: passes.map { Pass(direction: $0.direction, cell: $0.cell, initialState: $0.initialState) },
      merge: merge
    ).run(input, valid: valid)
    let format = passes.first?.format ?? .float64
    var output = run.output
    output.elements = output.elements.map { format.round($0) }
    return output
  }
}
