import FixtureEditing
import HDF5

extension FixtureChange {
  static let flaxWeights: [FixtureChange] = [1, 2].flatMap { version in
    let weights = "/references/keras/layers/0/forward/weights"
    func change(
      _ name: String, _ path: String, _ problem: String,
      _ change: @escaping @Sendable (inout FixtureTree) throws -> Void
    ) -> FixtureChange {
      FixtureChange("\(name), version \(version)", path, problem, in: "stackedrnn-tanh") {
        if version == 2 { try $0.raiseVersion() }
        try $0.writeKerasAsFlax()
        try change(&$0)
      }
    }
    return [
      change("no kernel", "\(weights)/h/kernel", "expected shape (7, 7), found nothing") {
        try $0.remove("\(weights)/h/kernel")
      },
      change("a kernel turned", "\(weights)/i/kernel", "expected shape (5, 7), found shape (7, 5)") {
        try $0.change("\(weights)/i/kernel") { $0.reshape([7, 5]) }
      },
      change(
        "a gate of another cell", "\(weights)/ir/kernel",
        "expected only i/kernel, h/kernel, i/bias, found a weight that this cell does not read"
      ) {
        $0.groups["\(weights)/ir"] = [:]
        $0.datasets["\(weights)/ir/kernel"] = DatasetValue([1], shape: [1])
      },
      change(
        "a group in a gate", "\(weights)/i/x", "cannot open dataset: expected a dataset, found a group"
      ) { $0.groups["\(weights)/i/x"] = [:] },
      change(
        "a gate in itself", "\(weights)/i/i", "cannot open dataset: expected a dataset, found a group"
      ) { $0.raw.append(("\(weights)/i/i", .hardLink(to: "\(weights)/i"))) },
    ]
  }
}
