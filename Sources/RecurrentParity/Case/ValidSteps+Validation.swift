import Recurrent

extension ValidSteps {
  /// Which steps of an input are valid, at which it is finite; nil without an input, of which then nothing may be said.
  static func validated(
    lengths: [Int]?, mask: [Bool]?, of input: RecordedSequence?, at place: CasePlace
  ) throws(CaseError) -> ValidSteps? {
    guard let input else {
      guard lengths == nil, mask == nil else {
        throw place.at(lengths == nil ? "mask" : "lengths").error(
          expected: "an input beside it", found: "none")
      }
      return nil
    }
    let steps = try ValidSteps(lengths: lengths, mask: mask, of: input, at: place)
    try input.expectFinite(at: place.at("input"), valid: steps)
    return steps
  }

  /// Which steps of an input are valid; all where nothing is said.
  ///
  /// - Parameters:
  ///   - lengths: `(B)`, each 0 to T.
  ///   - mask: `(T, B)`, row-major; in place of lengths.
  private init(
    lengths: [Int]?, mask: [Bool]?, of input: RecordedSequence, at place: CasePlace
  ) throws(CaseError) {
    let (T, B) = (input.timesteps, input.batch)
    switch (lengths, mask) {
    case (.some, .some):
      throw place.at("mask").error(expected: "nothing beside lengths, which say the same", found: "a mask")
    case (let lengths?, nil):
      try place.at("lengths").expect([B], found: [lengths.count])
      if let b = lengths.firstIndex(where: { !(0...T ~= $0) }) {
        throw place.at("lengths").error(expected: "0 to \(T) valid steps", found: "\(lengths[b]) at [\(b)]")
      }
      self.init(lengths: lengths, timesteps: T)
    case (nil, let mask?):
      try place.at("mask").expect(mask.count, toFill: [T, B])
      self.init(mask: mask, timesteps: T, batch: B)
    case (nil, nil):
      self.init(all: T, batch: B)
    }
  }
}
