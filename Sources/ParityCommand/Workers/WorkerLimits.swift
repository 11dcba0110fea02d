/// What the workers of one run may have.
struct WorkerLimits: Sendable {
  /// How many work at a time.
  var jobs: Int
  /// Of memory, for each; nil for as much as a file's weights ask for.
  var memory: ByteSize?
  /// The seconds that a file may take; nil for as many as it needs.
  var timeout: Double?
}
