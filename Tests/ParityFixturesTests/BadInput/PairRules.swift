import FixtureEditing

private let layers = "/references/pytorch/layers"

extension FixtureChange {
  static let pairs: [FixtureChange] = [
    second(
      "pair of two layers of a reference", "\(layers)/1",
      "attribute pair: expected a label that no other layer of the reference has, found \"a\", which layer 0 has"
    ) {
      for index in 0..<2 { try $0.setAttribute("pair", of: "\(layers)/\(index)", to: "a") }
    }
  ]
}
