/// Something that was found of one direction of one layer, as a value: what it is, where, and how much of the
/// recorded values it accounts for. Words for it are the reports' affair.
public struct Finding: Equatable, Sendable {
  /// What was found.
  public var subject: Subject
  /// How much of what was recorded it accounts for.
  public var explains: Extent
  /// Where.
  public var place: FindingPlace
  /// Largest r/ρ once the finding is assumed; nil where it assumes nothing.
  public var maxBoundRatio: Double?
  /// Names of other findings that account for the run as well: on this data they are the same function.
  public var equivalentTo: [String]

  /// A finding in that place.
  public init(
    _ subject: Subject, explains: Extent = .none, at place: FindingPlace, maxBoundRatio: Double? = nil,
    equivalentTo: [String] = []
  ) {
    self.subject = subject
    self.explains = explains
    self.place = place
    self.maxBoundRatio = maxBoundRatio
    self.equivalentTo = equivalentTo
  }

  /// What a finding is about.
  public enum Subject: Equatable, Sendable {
    /// Another formula, or other parameters than declared: one mistake, or several together.
    case mistake([Mistake])
    /// The formula in a lower precision.
    case precision(LoweredArithmetic)
    /// One parameter with another value than the declared one.
    case parameter(WrongParameter)
    /// Something returned that no step of the formula from the recorded states leads to.
    case contradiction(ContradictedRecord)
    /// What a residual looks like that nothing explains.
    case remainder(RemainderShape)
    /// Something that cannot be judged, and why.
    case unjudged(UnjudgedReason)
    /// Two references differ where there is no formula to judge by.
    case boundary(BoundaryDeparture)
    /// Every step is exact to rounding, and the network makes much of it.
    case amplification
  }

  /// How much of what was recorded a finding accounts for.
  public enum Extent: String, Sendable {
    /// Every recorded element.
    case all
    /// It fits, but on too few values beyond those that it was fitted to for it to be a finding.
    case consistent
    /// Most of those that are beyond their bound.
    case most
    /// Nothing: it says what is so, and does not explain it.
    case none
  }

  /// The kind of `subject`, as in reports.
  public var kind: String {
    switch subject {
    case .mistake: "mistake"
    case .precision: "precision"
    case .parameter: "parameter"
    case .contradiction: "contradiction"
    case .remainder: "remainder"
    case .unjudged: "not-judged"
    case .boundary: "boundary"
    case .amplification: "amplification"
    }
  }

  /// An identifier within the kind, as in reports: `bias-hh-ignored`, `precision:tf32`, `weight_hh[f]`.
  public var name: String {
    switch subject {
    case .mistake(let mistakes): mistakes.map(\.name).joined(separator: "+")
    case .precision(let arithmetic): arithmetic.name
    case .parameter(let parameter): parameter.name
    case .contradiction(let record): record.name
    case .remainder(let shape): shape.pattern.name
    case .unjudged(let reason): reason.name
    case .boundary(let departure): departure.boundary.path
    case .amplification: "amplified"
    }
  }

  /// Whether it says how a run computed: what a diagnosis consists of.
  public var isDiagnosis: Bool {
    switch subject {
    case .mistake, .precision: true
    case .parameter, .contradiction, .remainder, .unjudged, .boundary, .amplification: false
    }
  }
}

extension [Finding] {
  /// Each with the names of the others that explain the run as well.
  var markedEquivalent: [Finding] {
    indices.map { index in
      var finding = self[index]
      finding.equivalentTo = indices.filter { $0 != index && self[$0].explains == .all }.map { self[$0].name }
      return finding
    }
  }
}
