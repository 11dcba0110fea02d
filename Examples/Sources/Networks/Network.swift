import Foundation

/// A stack of bidirectional LSTMs in any floating-point type, for batches of sequences of different length.
public struct Network<Element: BinaryFloatingPoint & Sendable>: Sendable {
  public let layers: [(forward: LSTM<Element>, backward: LSTM<Element>)]

  public init(layers: [(forward: LSTM<Element>, backward: LSTM<Element>)]) {
    self.layers = layers
  }

  /// The states of the last layer, `[B][T][2H]`, of sequences `[B][T][I]`; zeros behind the end of each.
  public func run(_ batch: [[[Element]]], lengths: [Int]) -> [[[Element]]] {
    batch.indices.map { b in
      var sequence = Array(batch[b][..<lengths[b]])
      for layer in layers {
        let forward = layer.forward.run(sequence, sequenceNumber: b).h
        let backward = layer.backward.run(sequence.reversed(), sequenceNumber: b).h.reversed()
        sequence = zip(forward, backward).map { $0 + $1 }
      }
      let padding = [Element](repeating: 0, count: sequence.first?.count ?? 0)
      return sequence + Array(repeating: padding, count: batch[b].count - lengths[b])
    }
  }
}

/// An LSTM with PyTorch's weights, gates in the order i, f, g, o.
public struct LSTM<Element: BinaryFloatingPoint & Sendable>: Sendable {
  public var weightIH: Matrix<Element>
  public var weightHH: Matrix<Element>
  public var biasIH: [Element]
  public var biasHH: [Element]
  /// `[B][H]`
  public var initialH: [[Element]]
  public var initialC: [[Element]]

  public init(
    weightIH: Matrix<Element>, weightHH: Matrix<Element>, biasIH: [Element], biasHH: [Element],
    initialH: [[Element]], initialC: [[Element]]
  ) {
    self.weightIH = weightIH
    self.weightHH = weightHH
    self.biasIH = biasIH
    self.biasHH = biasHH
    self.initialH = initialH
    self.initialC = initialC
  }

  /// The states `[T][H]` after every step of one sequence `[T][I]`.
  public func run(_ sequence: [[Element]], sequenceNumber b: Int) -> (h: [[Element]], c: [[Element]]) {
    var (h, c) = (initialH[b], initialC[b])
    var states: (h: [[Element]], c: [[Element]]) = ([], [])
    for x in sequence {
      let sums = zip(weightIH.times(x, plus: biasIH), weightHH.times(h, plus: biasHH)).map { $0 + $1 }
      for unit in h.indices {
        let (i, f) = (sigmoid(sums[unit]), sigmoid(sums[h.count + unit]))
        let (g, o) = (tanh(sums[2 * h.count + unit]), sigmoid(sums[3 * h.count + unit]))
        c[unit] = f * c[unit] + i * g
        h[unit] = o * tanh(c[unit])
      }
      states.h.append(h)
      states.c.append(c)
    }
    return states
  }

  private func sigmoid(_ x: Element) -> Element { 1 / (1 + Element(exp(-Double(x)))) }
  private func tanh(_ x: Element) -> Element { Element(Foundation.tanh(Double(x))) }
}
