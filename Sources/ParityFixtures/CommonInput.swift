import Recurrent
import RecurrentParity

/// What the first layers of all references read, where the case has one input.
struct CommonInput {
  /// `(T, B, I)`
  let input: RecordedSequence
  let format: FloatFormat
  let valid: ValidSteps
  /// The dataset's path, where nothing was ever written to it.
  let unwritten: [String]

  /// - Returns: nil where version 2 leaves the input to the layers.
  init?(_ root: FixtureNode) throws(FixtureError) {
    let isOptional = root.session.version == .two
    guard
      let recorded = try isOptional
        ? root.optionalSequence("input", shape: [nil, nil, nil])
        : root.sequence("input", shape: [nil, nil, nil])
    else {
      for name in ["lengths", "mask"] where try root.has(name) {
        throw root.error("/\(name)", expected: "an input beside it", found: "none")
      }
      return nil
    }
    let formats: [FloatFormat] = isOptional ? [.float16, .float32, .float64] : [.float32, .float64]
    guard formats.contains(recorded.format) else {
      throw root.error(recorded.path, expected: "float32 or float64", found: recorded.format.name)
    }
    input = recorded.sequence
    format = recorded.format
    valid =
      try root.validSteps(timesteps: input.timesteps, batch: input.batch)
      ?? ValidSteps(all: input.timesteps, batch: input.batch)
    unwritten = recorded.isWritten ? [] : [recorded.path]
    try root.requireFinite(recorded, valid: valid)
  }
}

extension FixtureNode {
  /// Which steps of an input in this group are valid, by its `lengths` or its `mask`; nil where it has neither.
  func validSteps(timesteps: Int, batch: Int) throws(FixtureError) -> ValidSteps? {
    let isFirst = session.version == .one
    let lengths = try optionalIntegers("lengths", count: batch)
    let mask = isFirst ? nil : try optionalMask("mask", shape: [timesteps, batch])
    let place = path == "/" ? "" : path
    if lengths != nil, mask != nil {
      throw error("\(place)/mask", expected: "nothing beside lengths, which say the same", found: "a dataset")
    }
    if let mask { return ValidSteps(mask: mask, timesteps: timesteps, batch: batch) }
    guard let lengths else { return nil }
    let least = isFirst ? 1 : 0
    if let b = lengths.firstIndex(where: { !(least...timesteps ~= $0) }) {
      throw error(
        "\(place)/lengths", expected: "\(least) to \(timesteps) valid steps", found: "\(lengths[b]) at [\(b)]"
      )
    }
    return ValidSteps(lengths: lengths, timesteps: timesteps)
  }
}
