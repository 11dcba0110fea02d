import Dispatch
import HDF5
import ParityReport
import RecurrentParity

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Hands files to workers, as many at a time as there are, and puts their answers in the order of the files.
///
/// A worker stays for many files. One that dies, hangs or asks for too much takes the file with it that it has in
/// hand, and another takes its place.
struct WorkerPool {
  let limits: WorkerLimits

  /// One list of answers for each request, which is the files that make one case.
  ///
  /// - Throws: `Interrupted` where a signal ends the run, `InputFailure` where there can be no workers.
  func answers(to requests: [[SystemPath]], _ work: WorkerTask.Work) throws -> [[FileAnswer]] {
    guard !requests.isEmpty else { return [] }
    let count = min(limits.jobs, requests.count)
    let task = WorkerTask(
      work: work, memoryLimit: limits.memory?.bytes, processors: max(1, limits.jobs / count))
    var run = PoolRun(requests: requests, task: task, count: count, timeout: limits.timeout)
    defer { run.end() }
    return try run.answers()
  }
}

/// One run of a pool.
private struct PoolRun {
  let requests: [[SystemPath]]
  let task: WorkerTask
  let count: Int
  let timeout: Double?
  private var workers: [WorkerProcess] = []
  private var next = 0
  private var results: [[FileAnswer]?]
  private var finished = 0
  private var store = TextStore()
  private var progress: Progress
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)

  init(requests: [[SystemPath]], task: WorkerTask, count: Int, timeout: Double?) {
    self.requests = requests
    self.task = task
    self.count = count
    self.timeout = timeout
    results = Array(repeating: nil, count: requests.count)
    progress = Progress(total: requests.count, participle: task.work.participle)
  }

  mutating func answers() throws -> [[FileAnswer]] {
    while finished < requests.count {
      try employ()
      try wait()
      endOverdue()
      progress.show(finished, workers.compactMap(\.assignment).map { (requests[$0.request], $0) })
    }
    return results.compactMap { $0 }
  }

  /// Ends all workers, which have nothing that anybody waits for: none of them outlives the command.
  mutating func end() {
    progress.finish()
    for worker in workers { worker.process.kill() }
    for worker in workers { _ = worker.process.wait() }
  }

  /// Sees to it that as many workers as may have work have some.
  private mutating func employ() throws {
    while workers.count < count, next + workers.count(where: { $0.assignment == nil }) < requests.count {
      do { workers.append(try WorkerProcess(task)) } catch {
        throw InputFailure("no process can be started for files to be \(task.work.participle): \(error)")
      }
    }
    for worker in workers where worker.assignment == nil { give(worker) }
  }

  private mutating func give(_ worker: WorkerProcess) {
    guard next < requests.count else { return }
    worker.give(requests[next], request: next)
    next += 1
  }

  /// Waits until a worker has something to say, a signal comes, or it is time to look after them.
  private mutating func wait() throws {
    var polled: [pollfd] = workers.flatMap { worker in
      [worker.process.output.number, worker.process.errors.number].map {
        pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
      }
    }
    if let signals = Interruption.descriptor {
      polled.append(pollfd(fd: signals, events: Int16(POLLIN), revents: 0))
    }
    let ready = poll(&polled, nfds_t(polled.count), patience)
    if Interruption.pending != nil {
      throw Interrupted(message: "\(finished) of \(requests.count) files were done, nothing was written")
    }
    guard ready > 0 else { return }
    for (index, worker) in workers.enumerated() {
      if polled[2 * index + 1].revents != 0 { worker.complain(bytes(from: worker.process.errors)) }
      if polled[2 * index].revents != 0 { try hear(worker) }
    }
    workers.removeAll { $0.hasEnded }
  }

  /// The milliseconds until something is due.
  private var patience: Int32 {
    guard let timeout else { return 200 }
    let seconds = workers.compactMap(\.assignment).map { timeout - $0.seconds }.min() ?? timeout
    return Int32(max(0, min(200, (seconds * 1000).rounded(.up))))
  }

  /// [] at the end.
  private mutating func bytes(from descriptor: Descriptor) -> ArraySlice<UInt8> {
    (try? descriptor.read(into: &buffer)) ?? []
  }

  private mutating func hear(_ worker: WorkerProcess) throws {
    let bytes = bytes(from: worker.process.output)
    worker.assembly.add(bytes)
    while let frame = worker.assembly.next() { try take(frame, worker) }
    if worker.assembly.isBroken { worker.endBy(.broken) }
    if bytes.isEmpty { bury(worker) }
  }

  private mutating func take(_ frame: Frame, _ worker: WorkerProcess) throws {
    guard var assignment = worker.assignment else { return }
    let payload = frame.payload
    switch frame.kind {
    case .reads:
      assignment.stage = .reading(
        SystemPath(bytes: payload.dropFirst(8)), memoryLimit: ByteSize(bytes: payload.number))
    case .computes:
      guard case .reading(_, let limit) = assignment.stage else { return worker.endBy(.broken) }
      assignment.stage = .computing(memoryLimit: limit)
      assignment.doneBefore = payload.number
    case .progress: assignment.done = payload.number
    case .text:
      let index = Int(payload.first ?? 0)
      while assignment.texts.count <= index { assignment.texts.append(StoredText()) }
      do { try store.append(payload.dropFirst(), to: &assignment.texts[index]) } catch {
        throw InputFailure("there is no room for what is to be reported: \(error)")
      }
    case .told:
      assignment.answers.append(.told(payload, assignment.texts))
      assignment.texts = []
    case .refused: assignment.answers.append(.refused(payload))
    case .blocked: worker.endBy(.blocked)
    case .done:
      worker.assignment = nil
      give(worker)
      return finish(assignment)
    case .task, .files: worker.endBy(.broken)
    }
    worker.assignment = assignment
  }

  private mutating func finish(_ assignment: WorkerProcess.Assignment) {
    let files = requests[assignment.request]
    let broken = FileAnswer.refused(
      WorkerEnd(
        end: .init(way: .exit(0), peak: 0), cause: .broken, stage: assignment.stage, work: task.work,
        complaint: []
      ).error(files: files))
    let answers = assignment.answers.map { $0.decoded ?? broken }
    results[assignment.request] = answers.isEmpty ? [broken] : answers
    finished += 1
  }

  /// Takes leave of a worker that came to its end, and says so of the file that it had.
  private mutating func bury(_ worker: WorkerProcess) {
    while true {
      let more = bytes(from: worker.process.errors)
      guard !more.isEmpty else { break }
      worker.complain(more)
    }
    let end = worker.process.wait()
    worker.hasEnded = true
    guard let assignment = worker.assignment else { return }
    let error = WorkerEnd(
      end: end, cause: worker.cause, stage: assignment.stage, work: task.work, complaint: worker.complaint
    ).error(files: requests[assignment.request])
    results[assignment.request] = [.refused(error)]
    finished += 1
  }

  private func endOverdue() {
    guard let timeout else { return }
    for worker in workers {
      guard let assignment = worker.assignment, assignment.seconds > timeout else { continue }
      worker.endBy(.timeout(timeout))
    }
  }
}
