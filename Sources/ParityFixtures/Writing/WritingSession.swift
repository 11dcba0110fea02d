import RecurrentParity

/// What the writing of one file keeps account of.
final class WritingSession {
  /// The file as it will be called.
  let file: String
  /// What goes wrong while what is written is read.
  let readFailures: ReadFailures
  /// Paths of datasets that a pass rests on and that nothing may be written to, so that this stays known.
  private var unwritten: Set<String> = []

  init(file: String, _ parityCase: ParityCase) {
    self.file = file
    readFailures = parityCase.readFailures
    unwritten = Set(
      parityCase.references.flatMap { $0.layers.flatMap { $0.passes.flatMap(\.unwritten) } })
  }

  /// Whether the dataset is to stay as it was made.
  func leavesUnwritten(_ path: String) -> Bool { unwritten.remove(path) != nil }

  /// Whether the dataset has to be there although another tells its values.
  func needs(_ path: String) -> Bool { unwritten.contains(path) }

  /// - Throws: where a dataset that was never written to has no place in the file.
  func finish() throws(FixtureError) {
    if let path = unwritten.min() {
      throw error(
        path, expected: "a dataset to leave unwritten, as the case's file has it", found: "none of that path")
    }
  }

  func error(_ path: String, expected: String, found: String) -> FixtureError {
    FixtureError(file: file, path: path, expected: expected, found: found)
  }
}
