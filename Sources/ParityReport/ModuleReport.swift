import RecurrentParity

/// A recurrent module that the recording does not hold as layers, or not as the user might think.
public struct ModuleReport: Codable, Equatable, Sendable {
  /// The name of the reference whose model has it.
  public var reference: String
  /// Its path in the model.
  public var path: String
  /// The name of its class; absent of one that was not called.
  public var `class`: String?
  /// Who left it out: `user` or `recorder`. Only of `left_out`.
  public var by: String?
  /// How often it was called. Only of `repeated`.
  public var calls: Int?
  /// The reason, in words; absent where there is none.
  public var why: String?
}

extension ModuleReport {
  /// Nil where there is none; so are the next two.
  static func leftOut(_ judgement: CaseJudgement) -> [ModuleReport]? { all(judgement, leftOut) }

  static func unused(_ judgement: CaseJudgement) -> [ModuleReport]? { all(judgement, unused) }

  static func repeated(_ judgement: CaseJudgement) -> [ModuleReport]? { all(judgement, repeated) }

  /// All of one reference.
  static func all(_ model: ModelRecord, of reference: String) -> [ModuleReport] {
    leftOut(reference, model) + unused(reference, model) + repeated(reference, model)
  }

  private static func leftOut(_ reference: String, _ model: ModelRecord) -> [ModuleReport] {
    model.leftOut.map {
      ModuleReport(reference: reference, path: $0.path, class: $0.type, by: $0.by.rawValue, why: $0.why)
    }
  }

  private static func unused(_ reference: String, _ model: ModelRecord) -> [ModuleReport] {
    model.unused.map { ModuleReport(reference: reference, path: $0) }
  }

  private static func repeated(_ reference: String, _ model: ModelRecord) -> [ModuleReport] {
    model.repeated.map {
      ModuleReport(reference: reference, path: $0.path, class: $0.type, calls: $0.calls, why: $0.why)
    }
  }

  private static func all(
    _ judgement: CaseJudgement, _ modules: (String, ModelRecord) -> [ModuleReport]
  ) -> [ModuleReport]? {
    let found = judgement.references.flatMap { entry in
      entry.reference.model.map { modules(entry.reference.name, $0) } ?? []
    }
    return found.isEmpty ? nil : found
  }

  /// Whether the whole cannot be judged without it.
  var isOpen: Bool { by == LeavingOut.recorder.rawValue }

  var printable: ModuleReport {
    var report = self
    report.reference = reference.printable
    report.path = path.printable
    report.class = `class`?.printable
    report.why = why?.printable
    return report
  }

  /// "pytorch: decoder.cell (LSTMCell) was left out by the user: asked for"
  var text: String { "\(reference): \(moduleText)" }

  /// The same without the reference.
  var moduleText: String {
    let module = path + (`class`.map { " (\($0))" } ?? "")
    let reason = why.map { $0.isEmpty ? "" : ": \($0)" } ?? ""
    if let by { return "\(module) was left out by the \(by)\(reason)" }
    if let calls { return "\(module) was called \(calls) times\(reason)" }
    return "\(module) was not called"
  }
}

extension CaseReport {
  /// What is not in the recording, or not as layers.
  package var remarks: [String] {
    ((leftOut ?? []) + (unused ?? []) + (repeated ?? [])).map(\.text) + (trimmed ?? []).map(\.text)
      + (bits ?? []).map(\.says)
  }

  /// What the verdict's line must not be read without: the boundaries that differ, and what is not recorded; as much
  /// as fits a screen, of each case.
  var headlines: [String] {
    let lines = [unknownFeaturesLine].compactMap { $0 } + (findings ?? []).map(\.says) + remarks
    let shown = lines.prefix(8).map { "\(self.case): \($0)" }
    return shown + (lines.count > 8 ? ["\(self.case): \(lines.count - 8) more, in the case below"] : [])
  }
}

extension CrossReport {
  /// How the layers were paired, where that is not simply in their order.
  package var pairingText: String? {
    guard pairedBy != LayerPairing.Ground.order.rawValue || pairingIsAmbiguous || pairedByFile != nil else {
      return nil
    }
    return pairingGround
      + (pairingIsAmbiguous ? "; some have equal weights, and only their order tells them apart" : "")
  }

  /// "layers paired by weights", "2 layers paired as the file says, the others by name"
  private var pairingGround: String {
    guard let pairedByFile else { return "layers paired by \(pairedBy)" }
    guard pairedBy != LayerPairing.Ground.file.rawValue else { return "layers paired as the file says" }
    let layers = pairedByFile == 1 ? "1 layer" : "\(pairedByFile) layers"
    return "\(layers) paired as the file says, the others by \(pairedBy)"
  }
}
