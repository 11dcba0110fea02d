import Foundation

/// A GRU as plain loops, with PyTorch's weights: `weightIH (3H, I)`, `weightHH (3H, H)`, `biasIH (3H)`, `biasHH (3H)`.
public struct HandWrittenGRU {
  let weightIH: [Float]
  let weightHH: [Float]
  let biasIH: [Float]
  let biasHH: [Float]
  /// Where r, z and n are in the weights.
  let gates: [Int]

  public init(
    weightIH: [Float], weightHH: [Float], biasIH: [Float], biasHH: [Float], gates: [Int] = [0, 1, 2]
  ) {
    self.weightIH = weightIH
    self.weightHH = weightHH
    self.biasIH = biasIH
    self.biasHH = biasHH
    self.gates = gates
  }

  /// The states `(T, B, H)` after every step of an input `(T, B, I)`, from a state `(B, H)`.
  public func run(_ input: [Float], batch B: Int, from initial: [Float]) -> [Float] {
    let H = biasIH.count / 3
    let I = weightIH.count / (3 * H)
    var states: [Float] = []
    var h = initial
    for t in 0..<input.count / (B * I) {
      for b in 0..<B {
        let x = input[(t * B + b) * I..<(t * B + b + 1) * I]
        let past = Array(h[b * H..<(b + 1) * H])
        for unit in 0..<H {
          let (r, z, n) = (gates[0] * H + unit, gates[1] * H + unit, gates[2] * H + unit)
          let reset = sigmoid(inputSum(r, x) + recurrentSum(r, past))
          let update = sigmoid(inputSum(z, x) + recurrentSum(z, past))
          let new = tanh(inputSum(n, x) + reset * recurrentSum(n, past))
          h[b * H + unit] = (1 - update) * new + update * past[unit]
        }
      }
      states += h
    }
    return states
  }

  private func inputSum(_ row: Int, _ x: ArraySlice<Float>) -> Float {
    zip(weightIH[row * x.count..<(row + 1) * x.count], x).reduce(biasIH[row]) { $0 + $1.0 * $1.1 }
  }

  private func recurrentSum(_ row: Int, _ h: [Float]) -> Float {
    zip(weightHH[row * h.count..<(row + 1) * h.count], h).reduce(biasHH[row]) { $0 + $1.0 * $1.1 }
  }

  private func sigmoid(_ x: Float) -> Float { 1 / (1 + exp(-x)) }
}
