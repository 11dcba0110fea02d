import RecurrentParity

/// How the calls of a module were put together: the attribute `calls`, for whoever reads the file.
struct CallsEntry: Codable {
  let kind: LayerCalls.Kind
  let count: Int
  let sizes: [Int]
}

extension LayerCalls.Kind: Codable {}

/// One of `left_out`.
struct LeftOutEntry: Codable {
  let path: String
  let `class`: String
  let by: String
  let why: String
}

/// One of `repeated`.
struct RepeatedEntry: Codable {
  let path: String
  let `class`: String
  let calls: Int
  let why: String
}

/// `trimmed`
struct TrimmedEntry: Codable {
  let steps: Int
  let sequences: Int
}
