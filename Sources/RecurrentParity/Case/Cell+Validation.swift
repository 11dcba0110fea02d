import Recurrent

extension Cell {
  /// The same cell in Float64, if it is one that a file could hold.
  ///
  /// - Throws: `CaseError` for sizes that do not agree, values that are not finite, and what no framework declares.
  func validated(at place: CasePlace) throws(CaseError) -> Cell<Double> {
    let (hiddenSize, inputSize) = (gates[0].gate.weightIH.rows, gates[0].gate.weightIH.columns)
    guard 1...Self.largestSize ~= hiddenSize, inputSize >= 1 else {
      throw place.error(
        expected: "a hidden size of 1 to \(Self.largestSize) and an input size of at least 1",
        found: "\(hiddenSize) and \(inputSize)")
    }
    if let weightHR {
      try weightHR.validate(shape: [weightHR.rows, hiddenSize], at: place.at("weightHR"))
      guard 1...Self.largestSize ~= weightHR.rows else {
        throw place.at("weightHR").error(
          expected: "a projection size of 1 to \(Self.largestSize)", found: "\(weightHR.rows)")
      }
      guard formula == .twoBias else {
        throw place.at("weightHR").error(expected: "nothing in a cell of one bias", found: "a projection")
      }
    }
    for (kind, gate) in gates {
      try gate.validate(
        hiddenSize: hiddenSize, inputSize: inputSize, stateSize: stateSize,
        seesMemory: self.kind == .lstm && kind != .cell, at: place.at(kind.propertyName))
    }
    try validateOptions(at: place)
    return converted(to: Double.self)
  }

  /// As the format has it.
  private static var largestSize: Int { 1 << 24 }

  private func validateOptions(at place: CasePlace) throws(CaseError) {
    let clip: Double?
    var isDeclarable = true
    switch self {
    case .rnn(let cell):
      clip = cell.clip
      try cell.activation.validate(at: place.at("activation"))
      isDeclarable = cell.zoneout == 0
    case .gru(let cell):
      clip = cell.clip
      try cell.activation.validate(at: place.at("activation"))
      try cell.recurrentActivation.validate(at: place.at("recurrentActivation"))
      isDeclarable = cell.zoneout == 0 && cell.blend == .updateKeeps
    case .lstm(let cell):
      clip = cell.clip
      try cell.activation.validate(at: place.at("activation"))
      try cell.recurrentActivation.validate(at: place.at("recurrentActivation"))
      try cell.outputActivation?.validate(at: place.at("outputActivation"))
      isDeclarable = cell.departure == LSTMDeparture()
    }
    if let clip, !(clip > 0 && clip.isFinite) {
      throw place.at("clip").error(expected: "a finite number above 0", found: "\(clip)")
    }
    guard isDeclarable else {
      throw place.error(
        expected: "a cell that some framework declares",
        found: "one with a zoneout, a blend or a departure of a diagnosis")
    }
  }
}

extension Activation {
  /// - Throws: for what no file can declare, and for parameters with which the function is not monotone.
  fileprivate func validate(at place: CasePlace) throws(CaseError) {
    guard name != nil else {
      throw place.error(expected: "a function that a file can declare", found: description)
    }
    let parameters: [Double] =
      switch self {
      case .elu(let alpha), .leakyRelu(let alpha): [alpha]
      case .hardSigmoidONNX(let alpha, let beta): [alpha, beta]
      default: []
      }
    guard parameters.allSatisfy(\.isFinite), parameters.first.map({ $0 >= 0 }) ?? true else {
      throw place.error(expected: "finite parameters, and an alpha of 0 or more", found: description)
    }
  }
}

extension GateKind {
  /// As the gate's property in its cell.
  fileprivate var propertyName: String {
    switch self {
    case .hidden: "gate"
    case .reset: "reset"
    case .update: "update"
    case .new: "new"
    case .input: "input"
    case .forget: "forget"
    case .cell: "cell"
    case .output: "output"
    }
  }
}

extension Gate {
  fileprivate func validate(
    hiddenSize: Int, inputSize: Int, stateSize: Int, seesMemory: Bool, at place: CasePlace
  ) throws(CaseError) {
    try weightIH.validate(shape: [hiddenSize, inputSize], at: place.at("weightIH"))
    try weightHH.validate(shape: [hiddenSize, stateSize], at: place.at("weightHH"))
    if peephole != nil, !seesMemory {
      throw place.at("peephole").error(expected: "nothing: this gate does not see c", found: "a vector")
    }
    for (name, vector) in [("biasIH", biasIH), ("biasHH", biasHH), ("peephole", peephole)] {
      guard let vector else { continue }
      try place.at(name).expect([hiddenSize], found: [vector.count])
      try place.at(name).expectFinite(S.widened(vector), of: [hiddenSize])
    }
  }
}

extension Matrix {
  /// Finite values of a shape, all of them there.
  func validate(shape: [Int], at place: CasePlace) throws(CaseError) {
    try validateShape(shape, at: place)
    try place.expectFinite(S.widened(elements), of: shape)
  }

  func validateShape(_ shape: [Int], at place: CasePlace) throws(CaseError) {
    try place.expect(shape, found: [rows, columns])
    try place.expect(elements.count, toFill: shape)
  }
}
