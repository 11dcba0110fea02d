import Recurrent

/// A declared precision that the recorded states contradict.
package struct PrecisionContradiction: Error {
  package let expected: String
  package let found: String
}

extension DeclaredPrecision {
  /// The format that states are judged in: the declared one, which may not be finer than what they are stored in and
  /// has to hold them, or that of their storage.
  ///
  /// - Parameters:
  ///   - states: with nothing that counts at steps that are not valid.
  ///   - arePrinted: whether they went through decimals: then they are near those of the format, and not of it.
  ///   - place: what is stored, for people.
  package func format(
    storedAs stored: FloatFormat, holding states: [RecordedSequence], arePrinted: Bool, place: String
  ) throws(PrecisionContradiction) -> FloatFormat {
    guard let whole = wholeFormat else { return stored }
    guard whole.unitRoundoff >= stored.unitRoundoff else {
      throw PrecisionContradiction(
        expected: "none finer than \(stored.name), which \(place) is stored in", found: rawValue)
    }
    guard !arePrinted else { return whole }
    if let other = states.lazy.filter({ !whole.holdsAll(of: $0.storage) })
      .compactMap({ $0.firstValue { $0.isFinite && !whole.holds($0) } }).first
    {
      if mayBePartial { return stored }
      throw PrecisionContradiction(
        expected: "one that holds the states of \(place)", found: "\(rawValue) beside a state of \(other)")
    }
    return whole
  }
}
