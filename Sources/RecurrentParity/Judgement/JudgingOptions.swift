/// What to judge, and by which tolerance of the user's beside the verdict.
public struct JudgingOptions: Codable, Sendable {
  /// Names of references to judge; nil for all. Cross checks need both sides.
  public var references: Set<String>?
  /// Layers to judge; nil for all.
  public var layers: Set<Int>?
  /// The name of the reference that is right: findings then say of the others what they depart in. It changes words only.
  public var original: String?
  /// Whether what is flagged is also explained; it takes longer.
  public var diagnoses: Bool
  /// Whether Swift's own run from the input alone is made and compared; it goes step by step, and takes time.
  public var runsFreely: Bool
  /// Whether the growth of a disturbance is measured everywhere, not only where rounding is amplified.
  public var measuresGrowth: Bool
  /// Whether the references are also compared bit by bit; does not change a verdict.
  public var comparesBits: Bool
  /// Gates the free-running difference; does not change a verdict.
  public var tolerance: Tolerance?
  /// How many bytes of a pass, and of what is made of it, are in memory at once, for each pass that is judged at a
  /// time; does not change a verdict.
  public var windowBytes: Int

  /// Options of which everything has a default: all of the case is judged and diagnosed.
  public init(
    references: Set<String>? = nil, layers: Set<Int>? = nil, original: String? = nil,
    tolerance: Tolerance? = nil,
    diagnoses: Bool = true, runsFreely: Bool = true, measuresGrowth: Bool = false,
    comparesBits: Bool = false, windowBytes: Int = 24 << 20
  ) {
    self.references = references
    self.layers = layers
    self.original = original
    self.diagnoses = diagnoses
    self.runsFreely = runsFreely
    self.measuresGrowth = measuresGrowth
    self.comparesBits = comparesBits
    self.tolerance = tolerance
    self.windowBytes = windowBytes
  }
}
