import FixtureEditing
import HDF5

private let reference = "/references/pytorch"
private let layer = "/references/pytorch/layers/1"

/// T = 12, B = 3.
let allSteps = [Bool](repeating: true, count: 36)

extension FixtureChange {
  /// Of a file of version 2.
  static func second(
    _ name: String, _ path: String, _ problem: String, in original: String = rich,
    _ change: @escaping @Sendable (inout FixtureTree) throws -> Void
  ) -> FixtureChange {
    FixtureChange(name, path, problem, in: original) {
      try $0.raiseVersion()
      try change(&$0)
    }
  }

  /// What a later version gives a meaning to would change the verdict: it is no unknown name.
  static let secondInFirst: [FixtureChange] =
    AttributeRule.second.map { rule in
      FixtureChange(
        "\(rule.place)@\(rule.name) in version 1", rule.place,
        "attribute \(rule.name): expected nothing in format_version 1, found an attribute of version 2",
        in: rich
      ) {
        try $0.setAttribute(rule.name, of: rule.place, to: "1")
      }
    } + [
      FixtureChange(
        "@requires in version 1", "/",
        "attribute requires: expected nothing in format_version 1, found an attribute of version 2", in: rich
      ) { try $0.setAttribute("requires", of: "/", to: .strings([])) }
    ]
    + ["/mask", "\(layer)/mask", "\(layer)/lengths", "\(reference)/model"].flatMap { path in
      let problem = "expected nothing in format_version 1, found a part of version 2"
      return [
        FixtureChange("\(path) in version 1", path, problem, in: rich) {
          $0.datasets[path] = DatasetValue(mask: allSteps, shape: [12, 3])
        },
        FixtureChange("the group \(path) in version 1", path, problem, in: rich) { $0.groups[path] = [:] },
      ]
    }
}
