import RecurrentParity

/// Something that was found of one direction of one layer.
public struct FindingReport: Codable, Equatable, Sendable {
  /// `mistake`, `precision`, `parameter`, `contradiction`, `remainder`, `not-judged`, `boundary`, `amplification`.
  public var kind: String
  /// An identifier within the kind.
  public var name: String
  /// How much of what was recorded it accounts for: `all`, `most` or `none`.
  public var explains: String
  /// The number of the layer, from 0.
  public var layer: Int
  /// `forward` or `backward`.
  public var direction: String
  /// Where it shows, ascending; empty where it is not limited to some of them. So are the other two.
  public var timesteps: [Int]
  /// Rows of the batch, ascending.
  public var sequences: [Int]
  /// Units of the state, ascending.
  public var units: [Int]
  /// Of kind `parameter`.
  public var parameter: WrongParameterReport?
  /// Of kind `boundary`.
  public var boundary: DepartureReport?
  /// Largest r/ρ once the finding is assumed; absent where it assumes nothing.
  public var maxBoundRatio: Number?
  /// Names of other findings that account for the run as well.
  public var equivalentTo: [String]
  /// What was found, where, and what to do, in words.
  public var says: String
  /// Of kind `remainder`.
  public var remainder: RemainderReport?
}

/// A parameter with another value than the file declares.
public struct WrongParameterReport: Codable, Equatable, Sendable {
  /// The canonical name: `weight_hh[f]`.
  public var name: String
  /// Which row of its gate, from 0.
  public var unit: Int
  /// Absent where the parameter is a bias.
  public var column: Int?
  /// The value in the file.
  public var declared: Number
  /// The value that the run had.
  public var implied: Number
}

extension FindingReport {
  init(_ finding: Finding, says: String) {
    let place = finding.place
    kind = finding.kind
    name = finding.name
    explains = finding.explains.rawValue
    layer = place.layer
    direction = place.direction.rawValue
    timesteps = place.timesteps
    sequences = place.sequences
    units = place.units
    if case .parameter(let wrong) = finding.subject { parameter = WrongParameterReport(wrong) }
    if case .boundary(let departure) = finding.subject { boundary = DepartureReport(departure) }
    maxBoundRatio = finding.maxBoundRatio.map(Number.init)
    equivalentTo = finding.equivalentTo
    self.says = says
    if case .remainder(let shape) = finding.subject { remainder = RemainderReport(shape) }
  }
}

extension WrongParameterReport {
  init(_ parameter: WrongParameter) {
    name = parameter.name
    unit = parameter.unit
    column = parameter.column
    declared = Number(parameter.declared)
    implied = Number(parameter.implied)
  }
}

extension [FindingReport] {
  /// Whether one of them accounts for everything.
  var explainAll: Bool { contains { $0.explains == Finding.Extent.all.rawValue } }
}

extension FindingWords {
  func report(_ finding: Finding) -> FindingReport { FindingReport(finding, says: sentence(finding)) }

  func diagnosis(of judgement: PassJudgement) -> Nullable<[DiagnosisReport]> {
    Nullable(
      judgement.diagnosis?.map { finding in
        DiagnosisReport(
          hypothesis: finding.name, explains: finding.explains == .all,
          maxBoundRatio: Number(finding.maxBoundRatio ?? .nan), equivalentTo: finding.equivalentTo,
          says: sentence(finding), statement: statement(finding),
          mending: mending(finding).isEmpty ? nil : mending(finding))
      })
  }
}
