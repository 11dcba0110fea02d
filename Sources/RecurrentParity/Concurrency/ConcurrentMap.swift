import Dispatch

extension Collection where Index == Int, Self: Sendable, Element: Sendable {
  /// `map` on all cores that there are for this work, in order. What each element costs should outweigh a few microseconds.
  ///
  /// Maps may be nested: the thread that calls takes elements itself, and idle cores join in at any depth.
  /// `concurrentPerform` gives inner ones a single core.
  package func concurrentMap<Result: Sendable>(
    _ transform: @escaping @Sendable (Element) -> Result
  ) -> [Result] {
    guard count > 1, WorkContext.current.processors != 1 else { return map(transform) }
    return [Result?](unsafeUninitializedCapacity: count) { buffer, initialized in
      let slots = Slots(start: buffer.baseAddress)
      count.concurrentForEach { index in
        (slots.start.map { $0 + index })?.initialize(to: transform(self[startIndex + index]))
      }
      initialized = count
    }.compactMap { $0 }
  }
}

extension Int {
  /// Runs a body for each of so many numbers, from 0 on, in the same way.
  package func concurrentForEach(_ body: @escaping @Sendable (Int) -> Void) {
    if self > 1, WorkContext.current.processors != 1 {
      SharedLoop(count: self, body: body).run()
    } else {
      for index in 0..<self { body(index) }
    }
  }
}

extension Array where Element: Sendable {
  /// `filter` in the same way.
  func concurrentFilter(_ isIncluded: @escaping @Sendable (Element) -> Bool) -> [Element] {
    zip(self, concurrentMap(isIncluded)).filter(\.1).map(\.0)
  }
}

/// Each iteration writes its own slot, so sharing the pointer is safe.
private struct Slots<Value>: @unchecked Sendable {
  let start: UnsafeMutablePointer<Value>?
}

/// A loop whose iterations are taken by whatever threads have time.
private final class SharedLoop: @unchecked Sendable {
  private let count: Int
  private let body: @Sendable (Int) -> Void
  private let context = WorkContext.current
  /// Guards the counts.
  private let queue = DispatchQueue(label: "loop")
  private var taken = 0
  private var done = 0
  private let isDone = DispatchSemaphore(value: 0)

  init(count: Int, body: @escaping @Sendable (Int) -> Void) {
    self.count = count
    self.body = body
  }

  /// Returns when every iteration is done. A helper that comes later finds nothing to take.
  func run() {
    for _ in 1..<Swift.max(1, Swift.min(count, context.processorCount)) {
      DispatchQueue.global().async { WorkContext.$current.withValue(self.context) { self.takeAll() } }
    }
    takeAll()
    isDone.wait()
  }

  private func takeAll() {
    while let index = next() {
      body(index)
      let isLast = queue.sync {
        done += 1
        return done == count
      }
      if isLast { isDone.signal() }
    }
  }

  private func next() -> Int? {
    queue.sync {
      guard taken < count else { return nil }
      taken += 1
      return taken - 1
    }
  }
}
