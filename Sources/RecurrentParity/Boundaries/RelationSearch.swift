import RealModule
import Recurrent

/// Looks for what makes one reference's array of the other's: each relation is made of the other's array, and it is
/// one only if the two then agree as any two honest arrays have to.
struct RelationSearch {
  private let shape: [Int]
  private let own: [Double]
  private let others: [Double]

  /// Larger arrays are not searched.
  private static let largest = 1 << 22
  /// A fitted relation has at most this many numbers of its own, and needs as many elements again: two of each.
  private static let fewest = 8

  /// Nil where the arrays are of another kind, or too large.
  init?(_ own: BoundaryValues, _ others: BoundaryValues) {
    guard own.shape == others.shape, case .floats(let x, _) = own.values,
      case .floats(let y, _) = others.values
    else { return nil }
    let count = own.shape.reduce(1, *)
    guard Self.fewest...Self.largest ~= count else { return nil }
    shape = own.shape
    (self.own, self.others) = (x.whole.elements, y.whole.elements)
    guard (self.own + self.others).allSatisfy(\.isFinite) else { return nil }
  }

  /// The first relation by which the two agree.
  ///
  /// - Parameter agrees: whether an array in the other's place agrees with the first.
  func relation(_ agrees: ([Double]) -> Bool) -> ArrayRelation? {
    candidates.first { relation in
      let made = made(relation)
      return made != others && agrees(made)
    }
  }

  private var candidates: [ArrayRelation] {
    [.reversed, .halvesSwapped, .interleaved, .backwardHalfReversed].filter(applies)
      + [reordered].compactMap { $0 } + [affine, dropout].compactMap { $0 } + shifts
  }

  private func applies(_ relation: ArrayRelation) -> Bool {
    switch relation {
    case .halvesSwapped, .interleaved, .backwardHalfReversed:
      shape.count >= 2 && width.isMultiple(of: 2) && width > 2
    default: rows > 1
    }
  }

  private var rows: Int { shape.first ?? 1 }
  private var width: Int { shape.last ?? 1 }

  // MARK: What is fitted

  /// By least squares; one with `factor` 1 or `offset` 0 where that is as good.
  private var affine: ArrayRelation? {
    let n = Double(own.count)
    let (meanX, meanY) = (others.reduce(0, +) / n, own.reduce(0, +) / n)
    var (variance, covariance, squares, products) = (0.0, 0.0, 0.0, 0.0)
    for (x, y) in zip(others, own) {
      variance += (x - meanX) * (x - meanX)
      covariance += (x - meanX) * (y - meanY)
      squares += x * x
      products += x * y
    }
    guard variance > 0, squares > 0 else { return nil }
    let fits = [
      (products / squares, 0), (1, meanY - meanX),
      (covariance / variance, meanY - covariance / variance * meanX),
    ]
    func misfit(_ fit: (Double, Double)) -> Double {
      zip(others, own).reduce(0) { sum, pair in
        let r = pair.1 - fit.0 * pair.0 - fit.1
        return sum + r * r
      }
    }
    let misfits = fits.map(misfit)
    guard let least = misfits.min() else { return nil }
    // Two numbers fit as well as one where the other is not needed.
    guard let best = misfits.firstIndex(where: { $0 <= 2 * least }) else { return nil }
    return .affine(factor: fits[best].0, offset: fits[best].1)
  }

  private var dropout: ArrayRelation? {
    let kept = zip(own, others).filter { $0.0 != 0 && $0.1 != 0 }.map { $0.0 / $0.1 }.sorted()
    let dropped = zip(own, others).count { $0.0 == 0 && $0.1 != 0 }
    guard dropped > 0, kept.count >= Self.fewest else { return nil }
    let scale = kept[kept.count / 2]
    return scale > 1 ? .dropout(probability: 1 - 1 / scale) : nil
  }

  private var shifts: [ArrayRelation] {
    (1..<max(rows - 1, 1)).flatMap { [.shifted(by: $0), .shifted(by: -$0)] }
  }

  /// Rows of the second axis, matched by their values at the first index.
  private var reordered: ArrayRelation? {
    guard shape.count >= 3 || (shape.count == 2 && rows > 1) else { return nil }
    let axis = shape.count >= 3 ? 1 : 0
    let count = shape[axis]
    guard 2...1024 ~= count else { return nil }
    let inner = shape[(axis + 1)...].reduce(1, *)
    func row(_ values: [Double], _ index: Int) -> ArraySlice<Double> {
      values[index * inner..<(index + 1) * inner]
    }
    let order = (0..<count).map { k in
      (0..<count).min { distance(row(own, k), row(others, $0)) < distance(row(own, k), row(others, $1)) } ?? k
    }
    guard Set(order).count == count, order != Array(0..<count) else { return nil }
    return .reordered(order)
  }

  private func distance(_ a: ArraySlice<Double>, _ b: ArraySlice<Double>) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }

  // MARK: What it makes of the other's array

  private func made(_ relation: ArrayRelation) -> [Double] {
    switch relation {
    case .affine(let factor, let offset): others.map { factor * $0 + offset }
    case .dropout(let probability): zip(own, others).map { $0 == 0 ? 0 : $1 / (1 - probability) }
    case .reversed: gathered { row, rest in (self.rows - 1 - row, rest) }
    case .shifted(let steps):
      gathered { row, rest in self.indices(row - steps).map { ($0, rest) } }
    case .halvesSwapped:
      gathered { row, rest in
        (row, rest - rest % self.width + (rest % self.width + self.width / 2) % self.width)
      }
    case .interleaved:
      gathered { row, rest in
        let unit = rest % self.width
        return (row, rest - unit + unit / 2 + unit % 2 * (self.width / 2))
      }
    case .backwardHalfReversed:
      gathered { row, rest in (rest % self.width < self.width / 2 ? row : self.rows - 1 - row, rest) }
    case .reordered(let order):
      shape.count >= 3
        ? gathered { row, rest in
          let inner = self.shape.dropFirst(2).reduce(1, *)
          return (row, order[rest / inner] * inner + rest % inner)
        } : gathered { row, rest in (order[row], rest) }
    }
  }

  private func indices(_ row: Int) -> Int? { 0..<rows ~= row ? row : nil }

  /// - Parameter source: of an index along the first axis and one into the rest, where the value comes from.
  private func gathered(_ source: (Int, Int) -> (Int, Int)?) -> [Double] {
    let rest = others.count / max(rows, 1)
    return others.indices.map { index in
      source(index / rest, index % rest).map { others[$0.0 * rest + $0.1] } ?? 0
    }
  }
}
