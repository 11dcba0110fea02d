/// An LSTM that is given a step at a time and keeps its state, with Keras's weights: `kernel (I, 4H)`,
/// `recurrentKernel (H, 4H)`, `bias (4H)`, gates in the order i, f, c, o.
public struct StreamingLSTM<Math: VectorMath> {
  let kernel: [Float]
  let recurrentKernel: [Float]
  let bias: [Float]
  public private(set) var h: [Float]
  public private(set) var c: [Float]

  public init(kernel: [Float], recurrentKernel: [Float], bias: [Float], h: [Float], c: [Float]) {
    self.kernel = kernel
    self.recurrentKernel = recurrentKernel
    self.bias = bias
    self.h = h
    self.c = c
  }

  /// Goes on by one step `x (I)`.
  public mutating func step(_ x: [Float]) {
    let width = h.count
    let sums = Math.sum(
      Math.sum(
        Math.product(x, kernel, columns: 4 * width), Math.product(h, recurrentKernel, columns: 4 * width)),
      bias)
    let i = Math.sigmoid(Array(sums[..<width]))
    let f = Math.sigmoid(Array(sums[width..<2 * width]))
    let g = Math.tanh(Array(sums[2 * width..<3 * width]))
    let o = Math.sigmoid(Array(sums[(3 * width)...]))
    c = Math.sum(Math.product(f, c), Math.product(i, g))
    h = Math.product(o, Math.tanh(c))
  }
}
