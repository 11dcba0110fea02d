import Recurrent

/// The parameters of one direction, unpacked: the gates in the convention's order.
struct NativeGates {
  var gates: [Gate<Double>]
  /// `(P, H)`
  var weightHR: Matrix<Double>?
}

extension Cell<Double> {
  /// The gates in the given order.
  func gates(in order: [GateKind]) -> [Gate<Double>] {
    order.compactMap { kind in gates.first { $0.kind == kind }?.gate }
  }
}
