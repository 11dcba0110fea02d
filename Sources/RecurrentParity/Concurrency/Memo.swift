import Dispatch

/// A value that is found when it is first asked for, and then kept: for what follows from other values alone.
final class Memo<Value: Sendable>: @unchecked Sendable {
  /// Guards the value.
  private let queue = DispatchQueue(label: "memo")
  private var value: Value?

  func value(_ find: () -> Value) -> Value {
    queue.sync {
      if let value { return value }
      let found = find()
      value = found
      return found
    }
  }
}
