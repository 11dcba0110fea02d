import Recurrent

/// What becomes of weights that are stored in less than their precision, or printed, before a run reads them again.
struct WeightRounding: Sendable {
  /// As reports have it: `bfloat16`, `int8-per-channel`, `4-decimals`.
  let name: String
  let scheme: Scheme

  enum Scheme: Sendable {
    case format(FloatFormat, FloatingPointRoundingRule)
    case integer(IntegerScheme)
    /// To as many decimals, or as many significant digits.
    case decimals(Int)
    case digits(Int)
  }

  /// The levels of an integer, of a whole matrix with all its gates or of each unit of a gate, in Float32.
  struct IntegerScheme: Sendable {
    let isPerChannel: Bool
    let isSymmetric: Bool
    /// How many levels the range spans: 254 of symmetric int8 without its lowest, else 255.
    let levels: Float
  }

  /// What is tried of weights alone, and of weights with biases.
  static let binary: [WeightRounding] = [
    WeightRounding(name: "float16", scheme: .format(.float16, .toNearestOrEven)),
    WeightRounding(name: "bfloat16", scheme: .format(.bfloat16, .toNearestOrEven)),
    WeightRounding(name: "bfloat16-truncated", scheme: .format(.bfloat16, .towardZero)),
    WeightRounding(name: "tf32", scheme: .format(.tf32, .toNearestOrEven)),
    WeightRounding(name: "tf32-ties-away", scheme: .format(.tf32, .toNearestOrAwayFromZero)),
    WeightRounding(name: "tf32-truncated", scheme: .format(.tf32, .towardZero)),
  ]

  /// What is tried of weights alone: biases stay in the precision of the sums.
  static let integer: [WeightRounding] = [false, true].flatMap { isPerChannel in
    let suffix = isPerChannel ? "-per-channel" : ""
    func scheme(_ isSymmetric: Bool, _ levels: Float) -> Scheme {
      .integer(IntegerScheme(isPerChannel: isPerChannel, isSymmetric: isSymmetric, levels: levels))
    }
    return [
      WeightRounding(name: "int8" + suffix, scheme: scheme(true, 254)),
      WeightRounding(name: "int8-full-range" + suffix, scheme: scheme(true, 255)),
      WeightRounding(name: "int8-asymmetric" + suffix, scheme: scheme(false, 255)),
    ]
  }

  /// What is tried of weights with biases. More decimals are within the bound of most Float32 runs.
  static let decimal: [WeightRounding] =
    (1...5).map { WeightRounding(name: "\($0)-decimals", scheme: .decimals($0)) }
    + (2...5).map { WeightRounding(name: "\($0)-digits", scheme: .digits($0)) }

  /// A matrix's gates one below the other, or a bias's, as they are packed.
  func callAsFunction(_ blocks: [[Double]], columns: Int) -> [[Double]] {
    switch scheme {
    case .format(let format, let rule): return blocks.map { format.round($0, rule) }
    case .decimals(let count): return blocks.map { $0.map { Self.printed($0, decimals: count) } }
    case .digits(let count): return blocks.map { $0.map { Self.printed($0, digits: count) } }
    case .integer(let scheme):
      if !scheme.isPerChannel {
        let scale = scheme.scale(blocks.joined())
        return blocks.map { $0.map(scale.callAsFunction) }
      }
      return blocks.map { block in
        stride(from: 0, to: block.count, by: columns).flatMap { start in
          let row = block[start..<start + columns]
          return row.map(scheme.scale(row).callAsFunction)
        }
      }
    }
  }

  /// Whether it changes a value; what is cheap to find out of all but very few matrices.
  func changes(_ blocks: [[Double]], columns: Int) -> Bool {
    switch scheme {
    case .format(let format, let rule):
      return blocks.contains { $0.contains { format.round($0, rule) != $0 } }
    case .decimals(let count):
      return blocks.contains { $0.contains { Self.printed($0, decimals: count) != $0 } }
    case .digits(let count):
      return blocks.contains { $0.contains { Self.printed($0, digits: count) != $0 } }
    case .integer(let scheme):
      guard !scheme.isPerChannel else {
        return blocks.contains { block in
          stride(from: 0, to: block.count, by: columns).contains { start in
            let row = block[start..<start + columns]
            let scale = scheme.scale(row)
            return row.contains { scale($0) != $0 }
          }
        }
      }
      let scale = scheme.scale(blocks.joined())
      return blocks.contains { $0.contains { scale($0) != $0 } }
    }
  }

  private static let powers: [Double] = (0..<20).map { exponent in (0..<exponent).reduce(1) { x, _ in x * 10 }
  }

  /// Printed to so many decimals and read again as Float32.
  private static func printed(_ x: Double, decimals: Int) -> Double {
    Double(Float((x * powers[decimals]).rounded(.toNearestOrEven) / powers[decimals]))
  }

  private static func printed(_ x: Double, digits: Int) -> Double {
    guard x != 0, x.isFinite else { return x }
    var leading = 0
    var magnitude = x.magnitude
    while magnitude >= 10 { (magnitude, leading) = (magnitude / 10, leading + 1) }
    while magnitude < 1 { (magnitude, leading) = (magnitude * 10, leading - 1) }
    let decimals = digits - 1 - leading
    guard powers.indices.contains(decimals) else { return x }
    return printed(x, decimals: decimals)
  }
}

extension WeightRounding.IntegerScheme {
  struct Scale {
    let scale: Float
    let zero: Float
    let least: Float
    let most: Float

    func callAsFunction(_ x: Double) -> Double {
      let level = (Float(x) / scale).rounded(.toNearestOrEven) + zero
      return Double((min(max(level, least), most) - zero) * scale)
    }
  }

  func scale(_ values: some Sequence<Double>) -> Scale {
    var (low, high) = (Float(0), Float(0))
    for value in values { (low, high) = (min(low, Float(value)), max(high, Float(value))) }
    if isSymmetric {
      let largest = max(high, -low)
      return Scale(
        scale: largest == 0 ? 1 : largest / (levels / 2), zero: 0, least: levels == 254 ? -127 : -128,
        most: 127)
    }
    let scale = low == high ? 1 : (high - low) / levels
    return Scale(scale: scale, zero: (-low / scale).rounded(.toNearestOrEven), least: 0, most: levels)
  }
}
