/// Goldberg's notation of a recurrent network: a state function R and an output function O.
///
/// Source: Goldberg, "A Primer on Neural Network Models for Natural Language Processing", J. Artif. Intell.
/// Res. 57 (2016), sections 10 and 11. Row vectors, so a weight is `(in, out)`.
///
/// Shapes: `x (B, I)`, `s (B, H)`.
package enum Primer {
  /// S-RNN: `s_i = R(s_{i−1}, x_i) = g(x_i Wˣ + s_{i−1} Wˢ + b)`.
  ///
  /// `Wˣ (I, H)`, `Wˢ (H, H)`, `b (H)`; g is tanh or ReLU.
  package static func R<S: Scalar>(
    s: Matrix<S>, x: Matrix<S>, Wx: Transpose<S>, Ws: Transpose<S>, b: [S]?, g: Activation
  ) -> Matrix<S> {
    g(x * Wx + s * Ws + b)
  }

  /// `y_i = O(s_i) = s_i`: the S-RNN's output is its state.
  package static func O<S: Scalar>(_ s: Matrix<S>) -> Matrix<S> { s }

  /// GRU, without biases, reset before, the update gate taking the new state:
  ///
  ///     z = σ(x Wˣᶻ + s Wˢᶻ)
  ///     r = σ(x Wˣʳ + s Wˢʳ)
  ///     s̃ = tanh(x Wˣˢ + (r ⊙ s) Wˢᵍ)
  ///     R = (1 − z) ⊙ s + z ⊙ s̃
  package static func gru<S: Scalar>(s: Matrix<S>, x: Matrix<S>, _ cell: GRUCell<S>) -> Matrix<S> {
    let (σ, tanh) = (Activation.sigmoid, Activation.tanh)
    let z = σ(x * cell.update.weightIH.T + s * cell.update.weightHH.T)
    let r = σ(x * cell.reset.weightIH.T + s * cell.reset.weightHH.T)
    let proposal = tanh(x * cell.new.weightIH.T + (r ⊙ s) * cell.new.weightHH.T)
    return (1 - z) ⊙ s + z ⊙ proposal
  }
}
