import ParityReport
import RecurrentParity

/// What workers are to do with every file.
struct WorkerTask: Codable, Sendable {
  enum Work: Codable, Sendable {
    /// Judge, and render in each of these ways.
    case judge(JudgingOptions, [CaseFormat])
    /// Say what the file holds.
    case inspect(TextFormat)
    /// Say whether it is a file of weights.
    case identify
    /// Say whether two files hold the same network; of fixtures, by the references of these names.
    case compareWeights([String], TextFormat)
    /// Give the file's layers as another framework has them: first its bytes, then what there is to say of them.
    case convert(ConversionTask)

    /// What becomes of a file that all goes well with.
    var participle: String {
      switch self {
      case .judge: "judged"
      case .inspect, .identify: "inspected"
      case .compareWeights: "compared"
      case .convert: "converted"
      }
    }
  }

  var work: Work
  /// The memory that a worker may have, in bytes; nil for as much as the weights of a file ask for.
  var memoryLimit: Int?
  /// The processors that a worker may keep busy.
  var processors: Int
}

/// For whom something is written that is no report.
enum TextFormat: String, Codable, Sendable {
  case terminal
  case json
}
