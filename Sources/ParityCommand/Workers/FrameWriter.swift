import Dispatch

/// Where a worker's threads write frames, each whole.
final class FrameWriter: Sendable {
  private let descriptor: Descriptor
  private let queue = DispatchQueue(label: "frames")

  init(_ descriptor: Descriptor) { self.descriptor = descriptor }

  /// - Returns: whether anybody is there to read it.
  @discardableResult
  func write(_ kind: Frame.Kind, _ payload: [UInt8] = []) -> Bool {
    let bytes = Frame(kind: kind, payload: payload).bytes
    return queue.sync { (try? descriptor.write(bytes)) != nil }
  }
}
