import Recurrent

extension RecordedSequence {
  /// Values in memory, row-major.
  ///
  /// - Parameters:
  ///   - timesteps: T, at least 1; so are the others.
  ///   - batch: B
  ///   - features: D
  ///   - elements: `T · B · D` values of `Float16`, `Float` or `Double`; element `(t, b, d)` is
  ///     `elements[(t * batch + b) * features + d]`. Their type is the format in which a run is judged that nothing
  ///     else is declared of. NaN and infinity are allowed here: what must be finite is asked of where it is used.
  /// - Throws: `CaseError` for a size below 1, another number of values, and another type of them.
  public init<Value: BinaryFloatingPoint>(
    timesteps: Int, batch: Int, features: Int, elements: [Value]
  ) throws(CaseError) {
    let place = CasePlace.top.at("elements")
    let shape = [timesteps, batch, features]
    try place.expectFilled(shape)
    try place.expect(elements.count, toFill: shape)
    guard let storage = FloatFormat(of: Value.self) else {
      throw place.error(expected: "Float16, Float or Double", found: "\(Value.self)")
    }
    self.init(
      BatchedSequence(timesteps: timesteps, batch: batch, features: features, elements: elements.widened),
      storage: storage)
  }

  /// Values in memory.
  ///
  /// - Parameter sequence: `(T, B, D)`, no size of it below 1.
  /// - Throws: `CaseError` as the initialiser from an array.
  public init<S: Scalar>(_ sequence: BatchedSequence<S>) throws(CaseError) {
    try self.init(
      timesteps: sequence.timesteps, batch: sequence.batch, features: sequence.features,
      elements: sequence.elements)
  }

  var shape: [Int] { [timesteps, batch, features] }

  /// What stands at steps that are not valid is nobody's affair.
  func expectFinite(at place: CasePlace, valid: ValidSteps) throws(CaseError) {
    let places = valid.areAll ? self : zeroed(outside: valid)
    for times in places.windows() {
      let window = places.window(times)
      guard !window.elements.areFinite,
        let index = window.elements.firstIndex(where: { !$0.isFinite })
      else { continue }
      let (row, d) = index.quotientAndRemainder(dividingBy: features)
      let (t, b) = row.quotientAndRemainder(dividingBy: batch)
      throw place.error(
        expected: "finite values",
        found: "\(window.elements[index]) at [\(times.lowerBound + t), \(b), \(d)]")
    }
  }
}

extension FloatFormat {
  /// The formats that states are stored in.
  static let stored = [float16, float32, float64]

  /// Nil where the type is none of IEEE's three.
  fileprivate init?<Value: BinaryFloatingPoint>(of type: Value.Type) {
    let bits = (Value.significandBitCount + 1, Value.exponentBitCount)
    guard
      let format = Self.stored.first(where: { format in
        bits == (format.significandBits, (2 * (format.maxExponent + 1)).trailingZeroBitCount)
      })
    else { return nil }
    self = format
  }

  /// The coarsest of those that is no coarser than `least` and holds every value that is not NaN.
  package static func storing(_ values: [Double], least: FloatFormat = float32) -> FloatFormat {
    stored.first { format in
      format.holdsAll(of: least) && values.allSatisfy { $0.isNaN || format.holds($0) }
    } ?? .float64
  }
}

extension Array where Element: BinaryFloatingPoint {
  /// Each value, exactly, of a type that has no more bits than Float64.
  var widened: [Double] {
    switch self {
    case let doubles as [Double]: doubles
    case let floats as [Float]: Float.widened(floats)
    default: map { Double($0) }
    }
  }
}
