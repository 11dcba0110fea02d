import Recurrent
import RecurrentParity

/// A run of a whole network.
struct NetworkRun<Element: ParityElement> {
  let given: GivenReference<Element>
  let layout: SequenceLayout

  /// What the implementation is given.
  func network() throws(ImplementationError) -> NetworkUnderTest<Element> {
    var layers: [LayerUnderTest<Element>] = []
    for (index, layer) in given.reference.layers.enumerated() {
      var passes: [CellUnderTest<Element>] = []
      for pass in layer.passes.indices { passes.append(try given.cell(layer: index, pass: pass)) }
      layers.append(LayerUnderTest(name: layer.name, merge: layer.merge, passes: passes))
    }
    let input = given.inputs[0]
    return NetworkUnderTest(
      layers: layers, input: order(0, .forward).laidOut(input), timesteps: input.timesteps,
      batch: input.batch,
      valid: given.valid(0))
  }

  /// What it returned, layer by layer.
  func layers(_ computed: ComputedNetwork<Element>) throws(ImplementationError) -> [RecordedLayer] {
    let own = given.reference.layers
    let count = own.map(\.passes.count).reduce(0, +)
    guard computed.layers.isEmpty || computed.layers.count == own.count else {
      throw ImplementationError(
        "network: states", expected: "\(own.count) layers", found: "\(computed.layers.count)")
    }
    guard computed.finalStates.isEmpty || computed.finalStates.count == count else {
      throw ImplementationError(
        "network: last states", expected: "\(count), one for each layer and direction",
        found: "\(computed.finalStates.count)")
    }
    guard !computed.layers.allSatisfy(\.isEmpty) || computed.output != nil || !computed.finalStates.isEmpty
    else {
      throw ImplementationError("network", expected: "states, an output or last states", found: "nothing")
    }
    var layers: [RecordedLayer] = []
    var final = computed.finalStates[...]
    for (index, layer) in own.enumerated() {
      let states = computed.layers.isEmpty ? [] : computed.layers[index]
      guard states.isEmpty || states.count == layer.passes.count else {
        throw ImplementationError(
          "network: layer \(index)", expected: "states of \(layer.passes.count) direction(s)",
          found: "\(states.count)")
      }
      var passes: [RecordedPass] = []
      for (number, pass) in layer.passes.enumerated() {
        var computed = states.isEmpty ? ComputedStates() : states[number]
        if let last = final.popFirst() { (computed.finalH, computed.finalC) = (last.finalH, last.finalC) }
        let validation = StateValidation(
          cell: try given.cell(layer: index, pass: number), order: order(index, pass.direction))
        passes.append(try validation.pass(computed, of: pass, mayBeEmpty: true))
      }
      var output: RecordedSequence?
      if index == own.count - 1 { output = try self.output(computed.output, of: layer, index) }
      // One direction, or a concatenation: h is what is handed on.
      if let output, let parts = layer.parts(of: output) {
        for (number, part) in parts.enumerated() where passes[number].states.h == nil {
          passes[number].states.h = part
        }
      }
      layers.append(given.layer(index, input: index == 0 ? layer.input : nil, output: output, passes: passes))
    }
    return layers
  }

  private func output(
    _ tensor: ParityTensor<Element>?, of layer: RecordedLayer, _ index: Int
  ) throws(ImplementationError) -> RecordedSequence? {
    guard let tensor else { return nil }
    let order = order(index, .forward)
    let size = layer.passes[0].cell.stateSize
    let features = layer.merge == .concat ? layer.passes.count * size : size
    let shape = layout.shape(timesteps: order.valid.timesteps, batch: order.valid.batch, features: features)
    let checked = try tensor.checked(shape, "network: output")
    return RecordedSequence(order.inInputTime(checked, features: features), storage: Element.format)
  }

  private func order(_ layer: Int, _ direction: Direction) -> SequenceOrder {
    SequenceOrder(layout, valid: given.valid(layer), direction: direction)
  }
}

extension RecordedLayer {
  /// Each direction's part of an output; nil where a merge hides them.
  fileprivate func parts(of output: RecordedSequence) -> [RecordedSequence]? {
    guard merge == .concat || passes.count == 1 else { return nil }
    return passes.indices.map { output.part($0, of: passes.count) }
  }
}
