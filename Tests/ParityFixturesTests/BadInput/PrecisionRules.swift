import FixtureEditing
import HDF5

private let reference = "/references/pytorch"
private let layers = "/references/pytorch/layers"
private let layer = "/references/pytorch/layers/1"

extension FixtureChange {
  /// Finer than what is stored.
  private static let finer: [FixtureChange] = [("float64", 32), ("float32", 16), ("float64", 16)].map {
    precision, bits in
    second(
      "\(precision) in float\(bits)", layer,
      "attribute precision: expected none finer than float\(bits), which \(layer)/forward is stored in, "
        + "found \(precision)"
    ) { tree in
      try tree.setAttribute("precision", of: layer, to: .string(precision))
      for path in tree.datasets.keys where path.hasPrefix(layer) && !path.contains("/weights/") {
        try tree.change(path) { $0.store(as: .float(bits: bits, bigEndian: false)) }
      }
    }
  }

  /// Too coarse for a state that is there.
  private static let coarser: [FixtureChange] = ["float16", "bfloat16", "mixed-float16", "mixed-bfloat16"].map
  {
    precision in
    second(
      "\(precision) of float32 states", reference,
      "attribute precision: expected one that holds the states of \(layers)/0/forward, "
        + "found \(precision) beside a state of 0.3", in: "stackedrnn-square"
    ) {
      try $0.setAttribute("precision", of: reference, to: .string(precision))
      try $0.change("\(layers)/0/forward/h") { $0.store(as: .float(bits: 64, bigEndian: false)) }
      try $0.change("\(layers)/0/forward/h", at: 0) { _ in 0.3 }
    }
  }

  static let precisions = finer + coarser
}
