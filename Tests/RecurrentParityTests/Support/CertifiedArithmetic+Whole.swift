@testable import RecurrentParity

extension CertifiedArithmetic {
  /// A pre-activation of all units.
  func sum(
    _ products: [(value: Bounded, weights: Weights)], biases: [Bias], addends: [Bounded]
  ) -> Bounded {
    sum(
      products.map { (operand($0.value), $0.weights) }, biases: biases, addends: addends,
      units: 0..<products[0].weights.packed.units)
  }
}
