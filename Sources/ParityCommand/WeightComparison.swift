import ArgumentParser
import HDF5
import ParityReport

/// The comparison of two weight files, which are told from fixtures by what they hold.
struct WeightComparison {
  let paths: [SystemPath]
  let options: ReportOptions

  /// Whether one of the files holds weights and is no fixture.
  func isOfWeights() throws -> Bool {
    // What judges reads them as fixtures, and says what it makes of more than two.
    guard paths.count == 2 else { return false }
    let answers = try pool.answers(to: paths.map { [$0] }, .identify)
    return try answers.joined().contains { answer in
      guard case .told(_, let texts) = answer else { return false }
      return try !texts.joinedBytes().isEmpty
    }
  }

  func run() throws {
    guard options.format.count < 2, options.output.isEmpty else {
      throw InputFailure("two weight files are compared in one --format, on standard output")
    }
    let format = TextFormat(rawValue: options.format.first?.rawValue ?? "") ?? .terminal
    let answers = try pool.answers(to: [paths], .compareWeights(options.selection.reference, format))
    for answer in answers.joined() {
      switch answer {
      case .refused(let error):
        StandardError.complain("\(error)")
        throw ExitCode(2)
      case .told(_, let texts):
        // The first character is the outcome.
        let text = String(decoding: try texts.joinedBytes(), as: UTF8.self)
        try StandardOutput.write(String(text.dropFirst()))
        if text.first != "=" { throw ExitCode(1) }
      }
    }
  }

  private var pool: WorkerPool { WorkerPool(limits: options.workers.limits) }
}

extension [StoredText] {
  /// All of a few texts.
  fileprivate func joinedBytes() throws -> [UInt8] {
    var bytes: [UInt8] = []
    for text in self { try text.forEach { bytes += $0 } }
    return bytes
  }
}
