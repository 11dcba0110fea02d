/// The order in which one pass reads its input.
public enum Direction: String, CaseIterable, Sendable {
  /// From the first timestep to the last.
  case forward
  /// From the last valid timestep of each sequence to the first.
  case backward

  /// The input times of a sequence of `length` valid steps, in processing order.
  public func times(_ length: Int) -> [Int] {
    switch self {
    case .forward: Array(0..<length)
    case .backward: Array((0..<length).reversed())
    }
  }

  /// The input time processed just before `t`, or nil where the pass begins.
  public func previous(_ t: Int, length: Int) -> Int? {
    switch self {
    case .forward: t == 0 ? nil : t - 1
    case .backward: t == length - 1 ? nil : t + 1
    }
  }
}
