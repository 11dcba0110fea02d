import RecurrentParity

/// How a step is shaded: by its verdict, and while it matches by how near it comes to its own limit.
enum Shade: String, CaseIterable {
  case far
  case within
  case near
  case close
  case inconclusive
  case drift
  case differs
  case mismatch
  case invalid

  init(_ bucket: Buckets.Bucket) {
    switch bucket.verdict {
    case .match:
      self = bucket.ratio > 0.5 ? .close : bucket.ratio > 0.1 ? .near : bucket.ratio > 0.01 ? .within : .far
    case .inconclusive: self = .inconclusive
    case .drift: self = .drift
    case .differs: self = .differs
    case .mismatch: self = .mismatch
    case .invalid: self = .invalid
    }
  }

  struct LegendEntry {
    let shade: String
    let words: String
  }

  static let legend = allCases.filter { $0 != .differs }.map {
    LegendEntry(shade: $0.rawValue, words: $0.words)
  }

  private var words: String {
    switch self {
    case .far: "match, r/ρ ≤ 0.01"
    case .within: "≤ 0.1"
    case .near: "≤ 0.5"
    case .close: "≤ 1"
    case .inconclusive, .drift, .differs, .mismatch, .invalid: rawValue
    }
  }
}
