/// The published JSON report, written down once more and independently of the code that makes it.
public enum ReportContract {
  /// What of the contract a report breaks, each with its path; empty where nothing.
  public static func violations(in report: JSONValue) -> [String] {
    let violations = schema.violations(in: report, at: "")
    return violations.isEmpty ? contradictions(report) : violations
  }

  /// Worst first.
  static let verdicts = ["invalid", "mismatch", "differs", "drift", "inconclusive", "match"]

  private static let verdict = Schema.oneOf(verdicts)
  private static let direction = Schema.oneOf(["forward", "backward"])

  private static let flagged = Schema.object([
    "timestep": .integer, "batch": .integer, "unit": .integer, "state": .oneOf(["h", "c"]),
    "residual": .number, "bound": .number,
  ])

  private static let diagnosis = Schema.nullable(
    .list(
      .object(
        [
          "hypothesis": .text, "explains": .bool, "max_bound_ratio": .number, "equivalent_to": .list(.text),
          "says": .text,
        ],
        optional: [
          "statement": .text, "mending": .list(.object(["framework": .text, "text": .text])),
        ])))

  private static let findings = Schema.list(
    .object(
      [
        "kind": .oneOf([
          "mistake", "precision", "parameter", "contradiction", "remainder", "not-judged", "boundary",
          "amplification",
        ]),
        "name": .text, "explains": .oneOf(["all", "most", "none"]), "layer": .integer, "direction": direction,
        "timesteps": .list(.integer), "sequences": .list(.integer), "units": .list(.integer),
        "equivalent_to": .list(.text), "says": .text,
      ],
      optional: [
        "max_bound_ratio": .number,
        "parameter": .object(
          ["name": .text, "unit": .integer, "declared": .number, "implied": .number],
          optional: ["column": .integer]),
        "boundary": .object(
          [
            "references": .list(.text), "boundary": .text, "exchanged": .bool,
            "difference": .oneOf(["values", "not-a-number", "integers", "shapes", "valid-steps"]),
          ], optional: ["ratio": .number, "slice": slice]),
        "remainder": .object(
          [
            "elements": .integer, "of": .integer, "agrees": .list(.text), "next": .list(.text),
            "nearest": .list(.object(["hypothesis": .text, "left": .number])),
          ],
          optional: [
            "first_step": .oneOf(["alone", "right-from-zeros", "right-from-state", "wrong-from-zeros"]),
            "units_of_c": .list(.integer), "units_of_h_alone": .list(.integer),
          ]),
      ]))

  private static let slice = Schema.object([:], optional: ["axis": .integer, "index": .integer])

  private static let boundaries = Schema.list(
    .object(
      [
        "references": .list(.text), "boundary": .text, "other_boundary": .text, "verdict": verdict,
        "evidence": .oneOf(["pinned", "free", "none", "exact"]), "exchanged": .bool,
      ],
      optional: [
        "ratio": .number, "slice": slice, "rms_difference": .number, "spread": .number, "rms": .number,
        "says": .text,
      ]))

  private static let modules = Schema.list(
    .object(
      ["reference": .text, "path": .text],
      optional: ["class": .text, "by": .oneOf(["user", "recorder"]), "calls": .integer, "why": .text]))

  private static let layer = Schema.object(
    [
      "layer": .integer, "name": .text, "direction": direction, "cell": .oneOf(["rnn", "gru", "lstm"]),
      "verdict": verdict, "evidence": .oneOf(["stepwise", "carried", "outputs"]),
      "stepwise": .object([
        "max_residual": .number, "max_bound_ratio": .number, "effective_roundoff_rms": .number,
        "max_effective_roundoff": .number, "effective_precision_bits": .number,
      ]),
      "free_running": .object([
        "max_abs": .number, "max_ulp": .nullable(.integer), "reference_to_exact": .number,
        "swift_to_exact": .number,
      ]),
      "first_flagged": .nullable(flagged),
      "timesteps": .list(
        .object([
          "t": .integer, "verdict": verdict, "max_residual": .number, "max_bound_ratio": .number,
          "effective_roundoff_rms": .number, "free_running_max_abs": .number,
        ])),
      "findings": findings, "diagnosis": diagnosis, "notes": .list(.text),
    ], optional: ["declared_precision": .text])

  private static let reference = Schema.object([
    "name": .text, "framework": .text, "framework_version": .text, "convention": .text, "verdict": verdict,
    "layers": .list(layer),
  ])

  private static let cross = Schema.object(
    [
      "states_of": .text, "weights_of": .text, "verdict": verdict,
      "paired_by": .oneOf(["file", "name", "weights", "order"]), "pairing_is_ambiguous": .bool,
      "parameters": .list(
        .object([
          "layer": .integer, "direction": direction, "parameter": .text, "max_abs": .number, "bound": .number,
        ])),
      "layers": .list(
        .object(
          [
            "layer": .integer, "other_layer": .integer, "direction": direction, "verdict": verdict,
            "max_residual": .number, "max_bound_ratio": .number, "first_flagged": .nullable(flagged),
            "findings": findings,
            "diagnosis": diagnosis, "notes": .list(.text),
            "max_abs": .number, "max_ulp": .nullable(.integer), "first_above_tolerance": .nullable(.integer),
          ], optional: ["name": .text])),
    ],
    optional: [
      "paired_by_file": .integer,
      "weights": .object(
        ["relation": .oneOf(["another-checkpoint", "another-layout"]), "says": .text],
        optional: ["relative_difference": .number]),
    ])

  static let schema = Schema.object(
    [
      "format": .oneOf(["rnn-parity-report"]), "format_version": .integer, "verdict": verdict,
      "cases": .list(
        .object(
          [
            "case": .text, "file": .text, "verdict": verdict, "references": .list(reference),
            "cross": .list(cross),
          ],
          optional: [
            "original": .text,
            "error": .text, "unknown_features": .list(.text), "boundaries": boundaries, "findings": findings,
            "left_out": modules,
            "unused": modules, "repeated": modules,
            "trimmed": .list(.object(["reference": .text, "steps": .integer, "sequences": .integer])),
          ])),
    ], optional: ["could_be_joined": .list(.list(.text))])

  // MARK: What the parts have to say of each other

  private static func contradictions(_ report: JSONValue) -> [String] {
    let cases = report["cases"]?.elements ?? []
    var found = worst("", report, of: cases)
    if report["format_version"] != .number(1) { found.append(".format_version is not 1") }
    for (index, entry) in cases.enumerated() {
      let path = ".cases[\(index)]"
      let references = entry["references"]?.elements ?? []
      if entry["unknown_features"] != nil {
        if entry["verdict"] != .string("inconclusive") || !references.isEmpty {
          found.append("\(path).unknown_features beside a verdict of its own or references")
        }
      } else if entry["error"] == nil {
        found += worst(
          path, entry,
          of: references + (entry["cross"]?.elements ?? []) + (entry["boundaries"]?.elements ?? []))
      } else if entry["verdict"] != .string("invalid") || !references.isEmpty {
        found.append("\(path).error beside a verdict of its own or references")
      }
      for (index, reference) in references.enumerated() {
        let path = "\(path).references[\(index)]"
        let layers = reference["layers"]?.elements ?? []
        found += worst(path, reference, of: layers)
        for (index, layer) in layers.enumerated() {
          found += contradictions(ofLayer: layer, "\(path).layers[\(index)]")
        }
      }
    }
    return found
  }

  private static func contradictions(ofLayer layer: JSONValue, _ path: String) -> [String] {
    let timesteps = layer["timesteps"]?.elements ?? []
    var found = worst(path, layer, of: timesteps)
    let times = timesteps.compactMap { $0["t"]?.number }
    if !zip(times, times.dropFirst()).allSatisfy({ $0 < $1 }) {
      found.append("\(path).timesteps do not ascend")
    }
    let isMatch = layer["verdict"] == .string("match")
    if (layer["first_flagged"] == .null) != isMatch {
      found.append("\(path).first_flagged does not go with the verdict")
    }
    if let first = layer["first_flagged"]?["timestep"] {
      let step = timesteps.first { $0["t"] == first }
      if step?["verdict"] != layer["verdict"] {
        found.append("\(path).first_flagged is not a step of the layer's verdict")
      }
    }
    return found
  }

  private static func worst(_ path: String, _ whole: JSONValue, of parts: [JSONValue]) -> [String] {
    let found = parts.compactMap { $0["verdict"]?.string }
    let worst = verdicts.first(where: found.contains) ?? "match"
    return whole["verdict"] == .string(worst)
      ? [] : ["\(path).verdict is not the worst of its parts, \(worst)"]
  }
}
