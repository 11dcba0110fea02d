/// What a hypothesis means: what the run did, how that happens, and how to mend it.
public struct MistakeGuide: Sendable {
  /// As in reports; a hypothesis with a parameter is listed without it: "gate-order".
  public let name: String
  /// "did not add bias_hh"
  let did: String
  /// What the formula says instead, or what to change: a full sentence.
  let instead: String
  /// What it looks like in a port: a full sentence, or nil where the run's own words say it.
  var port: String?
  /// How it comes about.
  public let happens: String
  /// How to mend it, by framework.
  public let mending: [(framework: String, text: String)]
  /// What stands for `%` where a name has no parameter.
  var unnamed = ""

  /// The guide to a hypothesis by its name in a report, parameters included; nil where there is none.
  public static func named(_ name: String) -> MistakeGuide? {
    let key = name.split(separator: ":").first.map(String.init) ?? name
    return all.first { $0.name == name } ?? all.first { $0.name == key }
  }

  /// The guides to a finding's name, which may join several mistakes.
  static func guides(to name: String) -> [MistakeGuide] {
    name.split(separator: "+").compactMap { named(String($0)) }
  }

  /// What the run did, and what the formula says instead.
  public func what(_ name: String) -> String { "The run \(Self.sentence([name]))" }

  /// "did this and did that. What to do."
  ///
  /// - Parameter isPort: whether it is said of a port, by the original's weights.
  static func sentence(_ names: [String], isPort: Bool = false) -> String {
    let guides = names.map { name in (name, named(name)) }
    let did = guides.map { name, guide in
      guide.map { $0.did.replacingParameter(of: name, unnamed: $0.unnamed) } ?? "did \(name)"
    }
    let instead = guides.compactMap { _, guide in
      guide.map { [isPort ? $0.port : nil, $0.instead].compactMap { $0 }.joined(separator: " ") }
    }
    return did.joined(separator: ", and ") + ". " + instead.joined(separator: " ")
  }
}

extension String {
  /// The text with `%` replaced by what follows the colon of a hypothesis's name.
  fileprivate func replacingParameter(of name: String, unnamed: String) -> String {
    let parameter = name.split(separator: ":", maxSplits: 1).dropFirst().first.map(String.init) ?? unnamed
    return split(separator: "%", omittingEmptySubsequences: false).joined(separator: parameter)
  }
}
