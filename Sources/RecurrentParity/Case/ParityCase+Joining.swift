import Recurrent

extension ParityCase {
  /// The references of several cases as one case, in their order; of equal names the later get a number behind them.
  ///
  /// Where the cases do not have one input in common, each reference keeps its own at its first layer.
  ///
  /// - Parameter cases: at least one.
  public static func joined(_ cases: [ParityCase]) -> ParityCase? {
    guard var joined = cases.first else { return nil }
    let areAlike = cases.allSatisfy {
      $0.inputFormat == joined.inputFormat && $0.valid == joined.valid && $0.input == joined.input
    }
    var names: Set<String> = []
    joined.references = cases.flatMap { parityCase in
      parityCase.references.map { reference in
        var reference = areAlike ? reference : reference.withInput(of: parityCase)
        reference.name = reference.name.unlike(names)
        names.insert(reference.name)
        return reference
      }
    }
    joined.readFailures = ReadFailures(cases.map(\.readFailures))
    joined.file = cases.map(\.file).joined(separator: ", ")
    joined.unread = cases.flatMap(\.unread)
    joined.unknownFeatures = cases.flatMap(\.unknownFeatures)
    return joined
  }
}

extension Reference {
  /// With the input and the valid steps that its layers otherwise have from their case.
  fileprivate func withInput(of parityCase: ParityCase) -> Reference {
    var reference = self
    for index in layers.indices {
      reference.layers[index].valid = parityCase.valid(in: layers[index])
      if index == 0, layers[index].input == nil { reference.layers[index].input = parityCase.input }
    }
    return reference
  }
}

extension String {
  /// This name, with the first number from 2 on behind it that makes it none of the others.
  fileprivate func unlike(_ others: Set<String>) -> String {
    guard others.contains(self) else { return self }
    var number = 2
    while others.contains("\(self)-\(number)") { number += 1 }
    return "\(self)-\(number)"
  }
}
