/// What a hypothesis means: what the run did, how that happens, and how to mend it.
public struct MistakeGuide: Sendable {
  /// As in reports; a hypothesis with a parameter is listed without it: "gate-order".
  public let name: String
  /// "did not add bias_hh"
  let did: String
  /// What the formula says instead, or what to change: a full sentence.
  let instead: String
  /// What it looks like in a port: a full sentence that begins with "The port", or nil where the run's own words say it.
  var port: String?
  /// How it comes about.
  public let happens: String
  /// How to mend it, by framework.
  public let mending: [(framework: String, text: String)]
  /// What stands for `%` where a name has no parameter.
  var unnamed = "…"
  /// A full name where a hypothesis has a parameter: "gate-order:zrn".
  var example: String?

  /// The guide to a hypothesis by its name in a report, parameters included; nil where there is none.
  public static func named(_ name: String) -> MistakeGuide? {
    let key = name.split(separator: ":").first.map(String.init) ?? name
    return all.first { $0.name == name } ?? all.first { $0.name == key }
  }

  /// The guides to a finding's name, which may join several mistakes.
  static func guides(to name: String) -> [MistakeGuide] {
    name.split(separator: "+").compactMap { named(String($0)) }
  }

  /// A name as a report has it.
  public var exampleName: String { example ?? name }

  /// What the run did, and what the formula says instead. Of a name without the parameter that it needs the example's.
  public func what(_ name: String) -> String {
    "The run \(MistakeWords([name == self.name ? exampleName : name]).sentence)"
  }

  /// "used the activation relu"
  public var exampleOfWhat: String { MistakeWords([exampleName]).did }
}
