/// The orders in which a plain kernel sums a pre-activation, one term after the other.
///
/// Where the data make roundings add up instead of averaging out, each order is off by another amount, and any
/// of them may be exact by luck: the control is the least exact of them. Blocked and vectorised kernels have
/// shorter chains of additions than these.
enum SummationOrder: CaseIterable, Sendable {
  /// An accumulator that starts from the biases.
  case fromBiases
  /// An accumulator that starts from zero, the biases added to the sum.
  case biasesLast
  /// The products of the input and those of the state summed apart, as Keras does, then added.
  case productsApart
}
