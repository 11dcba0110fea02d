import Dispatch
import RecurrentParity

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Sees to it that a worker goes on or comes to an end, and tells how far it is.
///
/// What makes no progress is ended by the processor's time that it had, or by how often it was looked at and had
/// none: neither depends on how fast the machine is, or how busy.
///
/// Sendable, though unchecked: whatever changes is only touched in the queue.
final class Heartbeat: @unchecked Sendable {
  enum Phase {
    case idle
    case reading
    case computing

    /// The seconds of processors' time within which something must get done. Between two values that are read HDF5
    /// needs milliseconds, unless it goes round in circles; between two steps that are judged the program may have
    /// a search to do over all of them, and a file is converted in one.
    fileprivate var patience: Int {
      self == .reading ? Heartbeat.readingPatience : Heartbeat.computingPatience
    }
  }

  static let readingPatience = 10
  static let computingPatience = 300
  /// How often in a row a worker may be found without work for the processor: a disk that does not answer.
  private static let mostIdleBeats = 300
  private static let interval: UInt32 = 200_000
  /// What looking after it takes, in seconds for each beat.
  private static let ownTime = 2e-3

  let counter = WorkCounter()
  private let frames: FrameWriter
  private let parent = getppid()
  private let queue = DispatchQueue(label: "phase")
  private var phase = Phase.idle
  private var idleBeats = 0

  init(_ frames: FrameWriter) {
    self.frames = frames
    DispatchQueue(label: "heartbeat").async { [self] in
      var (count, time) = (counter.count, processorSeconds())
      while true {
        usleep(Self.interval)
        beat(&count, &time)
      }
    }
  }

  func enter(_ phase: Phase) {
    queue.sync {
      self.phase = phase
      idleBeats = 0
      renew(phase)
    }
  }

  private func beat(_ count: inout Int, _ time: inout Double) {
    // Nobody is left to work for.
    if getppid() != parent { _exit(0) }
    let (newCount, newTime) = (counter.count, processorSeconds())
    defer { (count, time) = (newCount, newTime) }
    queue.sync {
      guard phase != .idle else { return }
      if newCount != count {
        renew(phase)
        report(newCount)
      }
      idleBeats = newCount == count && newTime - time < Self.ownTime ? idleBeats + 1 : 0
      if idleBeats > Self.mostIdleBeats {
        frames.write(.blocked)
        _exit(1)
      }
    }
  }

  private func renew(_ phase: Phase) {
    ResourceLimits.limitProcessorTime(to: Int(processorSeconds()) + 1 + phase.patience)
  }

  private func report(_ count: Int) {
    let isRead = withUnsafeBytes(of: UInt64(count).littleEndian) { frames.write(.progress, Array($0)) }
    if !isRead { _exit(0) }
  }
}
