/// Which steps of which sequences are valid. Over the others a state is carried.
///
/// Most often each sequence has a length, and is padded behind it; a mask allows padding in front, gaps, and
/// sequences without any valid step.
public struct ValidSteps: Equatable, Sendable {
  /// T
  public let timesteps: Int
  /// B
  public let batch: Int
  private let steps: Steps

  private enum Steps: Equatable, Sendable {
    /// Of each sequence the first so many.
    case lengths([Int])
    /// Of each sequence the valid timesteps, ascending.
    case times([[Int]])
  }

  /// The first steps of each sequence.
  ///
  /// - Parameters:
  ///   - lengths: of each sequence the number of valid steps.
  ///   - timesteps: T
  /// - Precondition: each is in `0 ... T`.
  public init(lengths: [Int], timesteps: Int) {
    precondition(lengths.allSatisfy { 0...timesteps ~= $0 })
    self.timesteps = timesteps
    batch = lengths.count
    steps = .lengths(lengths)
  }

  /// Every step of every sequence.
  public init(all timesteps: Int, batch: Int) {
    self.init(lengths: [Int](repeating: timesteps, count: batch), timesteps: timesteps)
  }

  /// The steps that a mask leaves.
  ///
  /// - Parameters:
  ///   - mask: `(T, B)`, row-major: true where a step is valid.
  ///   - timesteps: T
  ///   - batch: B
  /// - Precondition: it has `T · B` values.
  public init(mask: [Bool], timesteps: Int, batch: Int) {
    precondition(mask.count == timesteps * batch)
    self.init(
      times: (0..<batch).map { b in (0..<timesteps).filter { mask[$0 * batch + b] } }, timesteps: timesteps)
  }

  /// How many steps of each sequence are valid.
  public var counts: [Int] {
    switch steps {
    case .lengths(let lengths): lengths
    case .times(let times): times.map(\.count)
    }
  }

  /// The lengths of the sequences; nil where they are not the first so many steps.
  public var lengths: [Int]? {
    switch steps {
    case .lengths(let lengths): lengths
    case .times: nil
    }
  }

  /// Whether no step is left out.
  public var areAll: Bool { counts.allSatisfy { $0 == timesteps } }

  /// The same of some timesteps, counted from the first of them.
  public func window(_ window: Range<Int>) -> ValidSteps {
    switch steps {
    case .lengths(let lengths):
      return ValidSteps(
        lengths: lengths.map { min(max($0 - window.lowerBound, 0), window.count) }, timesteps: window.count)
    case .times(let times):
      let inside = times.map { times in
        times[times.firstIndex(atLeast: window.lowerBound)..<times.firstIndex(atLeast: window.upperBound)].map
        {
          $0 - window.lowerBound
        }
      }
      return ValidSteps(times: inside, timesteps: window.count)
    }
  }

  private init(times: [[Int]], timesteps: Int) {
    self.timesteps = timesteps
    batch = times.count
    let isPadded = times.allSatisfy { $0.elementsEqual(0..<$0.count) }
    steps = isPadded ? .lengths(times.map(\.count)) : .times(times)
  }

  /// Whether timestep `t` of sequence `b` is valid, and not padding.
  public func contains(_ t: Int, _ b: Int) -> Bool {
    switch steps {
    case .lengths(let lengths): return t < lengths[b]
    case .times(let times):
      let index = times[b].firstIndex(atLeast: t)
      return index < times[b].count && times[b][index] == t
    }
  }

  /// The timesteps at which a sequence is valid, ascending.
  public var timestepsWithSteps: [Int] {
    switch steps {
    case .lengths(let lengths): Array(0..<(lengths.max() ?? 0))
    case .times(let times): Set(times.joined()).sorted()
    }
  }

  /// The valid timesteps of a sequence, in processing order.
  public func times(_ b: Int, _ direction: Direction) -> [Int] {
    let ascending =
      switch steps {
      case .lengths(let lengths): Array(0..<lengths[b])
      case .times(let times): times[b]
      }
    return direction == .forward ? ascending : ascending.reversed()
  }

  /// The valid timestep processed just before `t`, which is valid; nil where the pass begins.
  public func previous(_ t: Int, _ b: Int, _ direction: Direction) -> Int? {
    switch steps {
    case .lengths(let lengths): return direction.previous(t, length: lengths[b])
    case .times(let times):
      let index = times[b].firstIndex(atLeast: t) + (direction == .forward ? -1 : 1)
      return times[b].indices.contains(index) ? times[b][index] : nil
    }
  }

  /// The valid timestep that is processed last; nil where a sequence has none.
  public func last(_ b: Int, _ direction: Direction) -> Int? {
    switch (steps, direction) {
    case (.lengths(let lengths), .forward): lengths[b] == 0 ? nil : lengths[b] - 1
    case (.lengths(let lengths), .backward): lengths[b] == 0 ? nil : 0
    case (.times(let times), .forward): times[b].last
    case (.times(let times), .backward): times[b].first
    }
  }

  /// How many valid steps of the sequence are processed before `t`, which is valid.
  public func order(_ t: Int, _ b: Int, _ direction: Direction) -> Int {
    let before: Int
    switch steps {
    case .lengths: before = t
    case .times(let times): before = times[b].firstIndex(atLeast: t)
    }
    return direction == .forward ? before : counts(b) - 1 - before
  }

  private func counts(_ b: Int) -> Int {
    switch steps {
    case .lengths(let lengths): lengths[b]
    case .times(let times): times[b].count
    }
  }
}

extension [Int] {
  /// Of ascending numbers, where the first is that is not below `bound`.
  fileprivate func firstIndex(atLeast bound: Int) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < bound { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
