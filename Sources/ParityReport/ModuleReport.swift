import RecurrentParity

/// A recurrent module that the recording does not hold as layers, or not as the user might think.
public struct ModuleReport: Codable, Equatable, Sendable {
  public var reference: String
  /// Its path in the model.
  public var path: String
  /// The name of its class; absent of one that was not called.
  public var `class`: String?
  /// Who left it out: `user` or `recorder`. Only of `left_out`.
  public var by: String?
  /// How often it was called. Only of `repeated`.
  public var calls: Int?
  public var why: String?
}

extension ModuleReport {
  static func leftOut(_ judgement: CaseJudgement) -> [ModuleReport]? {
    all(judgement) { name, model in
      model.leftOut.map {
        ModuleReport(reference: name, path: $0.path, class: $0.type, by: $0.by.rawValue, why: $0.why)
      }
    }
  }

  static func unused(_ judgement: CaseJudgement) -> [ModuleReport]? {
    all(judgement) { name, model in model.unused.map { ModuleReport(reference: name, path: $0) } }
  }

  static func repeated(_ judgement: CaseJudgement) -> [ModuleReport]? {
    all(judgement) { name, model in
      model.repeated.map {
        ModuleReport(reference: name, path: $0.path, class: $0.type, calls: $0.calls, why: $0.why)
      }
    }
  }

  /// Nil where there is none.
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
  var text: String {
    let module = "\(reference): \(path)" + (`class`.map { " (\($0))" } ?? "")
    let reason = why.map { $0.isEmpty ? "" : ": \($0)" } ?? ""
    if let by { return "\(module) was left out by the \(by)\(reason)" }
    if let calls { return "\(module) was called \(calls) times\(reason)" }
    return "\(module) was not called"
  }
}

extension CaseReport {
  /// What is not in the recording, or not as layers.
  var remarks: [String] {
    ((leftOut ?? []) + (unused ?? []) + (repeated ?? [])).map(\.text) + (trimmed ?? []).map(\.text)
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
  var pairingText: String? {
    guard pairedBy != LayerPairing.Ground.order.rawValue || pairingIsAmbiguous else { return nil }
    return "layers paired by \(pairedBy)"
      + (pairingIsAmbiguous ? "; some have equal weights, and only their order tells them apart" : "")
  }
}
