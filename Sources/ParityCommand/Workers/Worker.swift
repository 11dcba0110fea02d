import HDF5
import NativeWeights
import ParityFixtures
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

/// The side of a worker: reads files, judges them, and writes what it found as frames. Whatever becomes of it is
/// seen by the command that started it, and costs the files it has in hand.
final class Worker {
  /// The command line's only word, by which the command starts itself to have files judged where they can do no harm.
  static let argument = "worker"

  private let frames: FrameWriter
  private let heartbeat: Heartbeat

  private init(output: Descriptor) {
    frames = FrameWriter(output)
    heartbeat = Heartbeat(frames)
  }

  /// Works for whoever is at the other end of standard input and output, until that is closed.
  static func run() -> Never {
    // Whoever interrupts means the command, which ends its workers.
    for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] { _ = signal(number, SIG_IGN) }
    // What is to end this process must not be held back from it.
    _ = signal(SIGXCPU, SIG_DFL)
    unblock([SIGXCPU])
    ResourceLimits.leaveNoCore()
    let output = Descriptor(fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1))
    let input = Descriptor(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1))
    // No library that prints is to disturb the frames.
    for descriptor in [STDIN_FILENO, STDOUT_FILENO] {
      _ = close(descriptor)
      _ = open("/dev/null", O_RDWR)
    }
    let worker = Worker(output: output)
    var assembly = Frame.Assembly()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var task: WorkerTask?
    while let bytes = try? input.read(into: &buffer), !bytes.isEmpty {
      assembly.add(bytes)
      while let frame = assembly.next() {
        switch frame.kind {
        case .task: task = try? JSONDecoder().decode(WorkerTask.self, from: Data(frame.payload))
        case .files: if let task { worker.work(task, on: frame.payload) }
        default: break
        }
      }
    }
    _exit(0)
  }

  private func work(_ task: WorkerTask, on payload: [UInt8]) {
    let paths = payload.split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
      SystemPath(bytes: $0)
    }
    let context = WorkContext(processors: task.processors, counter: heartbeat.counter)
    WorkContext.$current.withValue(context) {
      switch task.work {
      case .judge(let options, let formats):
        for result in results(of: paths, task, options) { tell(CaseReport(result), formats) }
      case .inspect(let format):
        for path in paths { tell { () throws(FixtureError) in try inspection(path, task, format) } }
      case .identify:
        for path in paths {
          tell { () throws(FixtureError) in
            _ = enter(path, task)
            return WeightFile.kind(at: path) ?? ""
          }
        }
      case .compareWeights(let references, let format):
        tell { () throws(FixtureError) in try comparison(paths, references, task, format) }
      case .convert(let conversion):
        for path in paths { convert(path, task, conversion) }
      }
    }
    heartbeat.enter(.idle)
    frames.write(.done)
  }

  // MARK: Judging

  /// One file by itself, several as one case; of those that are no fixtures each its own, and nothing else.
  private func results(of paths: [SystemPath], _ task: WorkerTask, _ options: JudgingOptions) -> [FileResult]
  {
    var cases: [ParityCase] = []
    var failures: [FileResult] = []
    for path in paths {
      do { cases.append(try read(path, task)) } catch { failures.append(.invalid(error)) }
    }
    guard failures.isEmpty, let whole = cases.count == 1 ? cases[0] : ParityCase.joined(cases) else {
      return failures
    }
    compute()
    return [FileResult(whole, options)]
  }

  /// Says that all files have been read.
  private func compute() {
    frames.write(.computes, bytes(heartbeat.counter.count))
    heartbeat.enter(.computing)
  }

  private func read(_ path: SystemPath, _ task: WorkerTask) throws(FixtureError) -> ParityCase {
    let limit = enter(path, task)
    return try FixtureFile(path: path).read(memoryLimit: limit)
  }

  /// Says that a file is being read.
  ///
  /// - Parameter paths: all that are held at a time; the one alone, where that is left out.
  /// - Returns: the memory that it may take, in bytes.
  private func enter(_ path: SystemPath, of paths: [SystemPath]? = nil, _ task: WorkerTask) -> Int {
    heartbeat.enter(.reading)
    let limit = MemoryLimit(task.memoryLimit, for: paths ?? [path], task.work).bytes
    ResourceLimits.limitMemory(to: limit)
    frames.write(.reads, bytes(limit) + path.bytes)
    return limit
  }

  private func tell(_ entry: CaseReport, _ formats: [CaseFormat]) {
    for (index, format) in formats.enumerated() {
      try? format.renderer.section(entry) { write($0, index) }
    }
    guard let summary = try? JSONEncoder().encode(CaseSummary(entry)) else { return }
    frames.write(.told, Array(summary))
  }

  private func bytes(_ number: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt64(number).littleEndian) { Array($0) }
  }

  private func write(_ text: String, _ index: Int) { write(Array(text.utf8), index) }

  private func write(_ bytes: [UInt8], _ index: Int) {
    for start in stride(from: 0, to: bytes.count, by: Frame.mostPayload - 1) {
      frames.write(.text, [UInt8(index)] + bytes[start..<min(start + Frame.mostPayload - 1, bytes.count)])
    }
  }

  // MARK: Files and weights

  /// Writes a text, or why there is none.
  private func tell(_ text: () throws(FixtureError) -> String) {
    do {
      write(try text(), 0)
      frames.write(.told)
    } catch {
      if let error = try? JSONEncoder().encode(error) { frames.write(.refused, Array(error)) }
    }
  }

  private func convert(_ path: SystemPath, _ task: WorkerTask, _ conversion: ConversionTask) {
    let limit = enter(path, task)
    do {
      let file = try WeightFile(contentsOf: path, reference: conversion.reference, memoryLimit: limit)
      file.readThrough(heartbeat.counter)
      compute()
      let (bytes, text) = try conversion.converted(file)
      write(bytes, 0)
      write(text, 1)
      frames.write(.told)
    } catch {
      if let error = try? JSONEncoder().encode(FixtureError(error)) { frames.write(.refused, Array(error)) }
    }
  }

  private func inspection(
    _ path: SystemPath, _ task: WorkerTask, _ format: TextFormat
  ) throws(FixtureError) -> String {
    let limit = enter(path, task)
    guard WeightFile.kind(at: path) != nil else {
      let inspection = Inspection(try FixtureFile(path: path).read(memoryLimit: limit))
      return format == .json ? inspection.json() : inspection.text()
    }
    do {
      let inspection = WeightInspection(try WeightFile(contentsOf: path, memoryLimit: limit))
      return format == .json ? inspection.json() : inspection.text()
    } catch { throw FixtureError(error) }
  }

  /// - Parameters:
  ///   - paths: two.
  ///   - references: of fixtures, in their order; one alone is every fixture's.
  private func comparison(
    _ paths: [SystemPath], _ references: [String], _ task: WorkerTask, _ format: TextFormat
  ) throws(FixtureError) -> String {
    var files: [WeightFile] = []
    var names = references[...]
    for path in paths {
      let limit = enter(path, of: paths, task)
      let isFixture = WeightFile.kind(at: path) == nil
      let name = isFixture ? references.count == 1 ? references[0] : names.popFirst() : nil
      do {
        let file = try WeightFile(contentsOf: path, reference: name, memoryLimit: limit)
        file.readThrough(heartbeat.counter)
        files.append(file)
      } catch { throw FixtureError(error) }
    }
    compute()
    do {
      let report = WeightComparisonReport(try files[0].compared(with: files[1]))
      return (report.isSame ? "=" : "≠") + (format == .json ? report.json() : report.text())
    } catch { throw FixtureError(error) }
  }
}

extension WeightFile {
  /// Reads the layers' values once and keeps none, so that a file on which HDF5 goes wrong is known from one that takes
  /// long to compute. What cannot be read is said where it is asked for.
  fileprivate func readThrough(_ counter: WorkCounter) {
    for tensor in layers.flatMap(\.passes).flatMap(\.tensors.values) {
      _ = try? tensor.values()
      counter.advance()
    }
  }
}
