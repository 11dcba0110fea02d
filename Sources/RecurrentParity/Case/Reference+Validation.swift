import Recurrent
import RecurrentConventions

extension Reference {
  /// What one program computed, from what is in memory.
  ///
  /// - Parameters:
  ///   - name: by which reports call it, of at least one character and without a slash.
  ///   - framework: who computed.
  ///   - frameworkVersion: the version of that.
  ///   - convention: the framework whose formula the cells are of and whose packing their weights have.
  ///   - environment: a JSON object of backend, threads, flags: for people.
  ///   - layers: at least one, in the order in which data flow. In some of them something is recorded.
  /// - Throws: `CaseError` for a layer that does not read what the one below returns, for cells that the convention
  ///   does not have, and where nothing is recorded.
  public init(
    name: String, framework: String, frameworkVersion: String = "", convention: Convention,
    environment: String? = nil, layers: [RecordedLayer]
  ) throws(CaseError) {
    let place = CasePlace.top
    guard !name.isEmpty, name != ".", !name.utf8.contains(where: { $0 == 0 || $0 == UInt8(ascii: "/") })
    else {
      throw place.at("name").error(
        expected: "a name of at least one character, without a slash", found: "\"\(name)\"")
    }
    guard !layers.isEmpty else {
      throw place.at("layers").error(expected: "at least one layer", found: "none")
    }
    var layers = layers
    for index in layers.indices {
      try layers[index].validate(below: index == 0 ? nil : layers[index - 1], at: place.at("layers", index))
      if index > 0, layers[index].input == nil { layers[index].valid = layers[index - 1].valid }
      for (number, pass) in layers[index].passes.enumerated() {
        try convention.expectToHold(
          pass.cell, at: place.at("layers", index).at("passes", number).at("cell"))
      }
      if let label = layers[index].pair, let other = layers[..<index].firstIndex(where: { $0.pair == label })
      {
        throw place.at("layers", index).at("pair").error(
          expected: "a label that no other layer of the reference has",
          found: "\"\(label)\", which layer \(other) has")
      }
    }
    guard layers.contains(where: \.hasEvidence) else {
      throw place.at("layers").error(
        expected: "recorded states, outputs or final states in some layer",
        found: "none: there is no evidence")
    }
    self.init(
      name: name, framework: framework, frameworkVersion: frameworkVersion, convention: convention,
      environment: environment, layers: layers, model: nil, object: nil)
  }
}

extension RecordedLayer {
  /// - Parameter below: the layer that this one reads where it records no input.
  fileprivate func validate(below: RecordedLayer?, at place: CasePlace) throws(CaseError) {
    guard input == nil, let below, let cell = passes.first?.cell else { return }
    guard below.outputSize == cell.inputSize else {
      throw place.at("passes", 0).at("cell").error(
        expected: "an input size of \(below.outputSize), the output of the layer below",
        found: "\(cell.inputSize)")
    }
  }
}

extension Convention {
  /// Every parameter has a place in the convention's tensors, and those give the cell again.
  fileprivate func expectToHold(_ cell: Cell<Double>, at place: CasePlace) throws(CaseError) {
    guard cell.formula == formula else {
      throw place.at("formula").error(
        expected: "\(formula), the \(rawValue) convention's", found: "\(cell.formula)")
    }
    let read: Cell<Double>
    do { read = try self.cell(CellDescription(cell), from: try tensors(of: cell)) } catch {
      throw place.at(error.tensor).error(expected: error.expected, found: error.found)
    }
    guard read == cell else {
      throw place.error(
        expected: "biases and peepholes that \(rawValue) weights hold", found: "others, or not all of them")
    }
  }
}
