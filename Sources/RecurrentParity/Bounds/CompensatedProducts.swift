/// Inner products as if in twice the precision, for runs that are as exact as the checker.
///
/// Source: Ogita, Rump & Oishi, "Accurate sum and dot product", SIAM J. Sci. Comput. 26 (2005), algorithm
/// Dot2; the products are split by Dekker's method, which needs no fused multiply-add.
extension PackedWeights {
  /// `Σ x·w` with its remainder, and `Σ |x·w|`.
  ///
  /// The sum and its remainder together are off by at most `2⁻⁵³·|Σ x·w| + K²·2⁻¹⁰⁵·Σ|x·w|`.
  func compensatedProducts(_ x: [Double], rows: Int, units range: Range<Int>? = nil) -> BlockProducts {
    let range = range ?? 0..<units
    var result = products(x, rows: rows, units: range)
    var remainder = [Double](repeating: 0, count: rows * range.count)
    for row in 0..<rows {
      for first in stride(from: 0, to: range.count, by: 4) {
        var sum = SIMD4<Double>()
        var low = SIMD4<Double>()
        for k in 0..<depth {
          let w = column(k, ofFourFrom: range.lowerBound + first)
          let v = SIMD4<Double>(repeating: x[row * depth + k])
          let product = w * v
          let next = sum + product
          low += productError(w, v, product) + sumError(sum, product, next)
          sum = next
        }
        for lane in 0..<min(4, range.count - first) {
          let index = row * range.count + first + lane
          // A splitting that overflowed leaves the plain sum, whose operands are beyond 2⁹⁹⁶.
          guard sum[lane].isFinite, low[lane].isFinite else { continue }
          result.sum[index] = sum[lane]
          remainder[index] = low[lane]
        }
      }
    }
    result.remainder = remainder
    return result
  }
}

/// `a + b − sum`, exactly (Knuth's TwoSum).
@inline(__always)
func sumError(_ a: SIMD4<Double>, _ b: SIMD4<Double>, _ sum: SIMD4<Double>) -> SIMD4<Double> {
  let rest = sum - a
  return (a - (sum - rest)) + (b - rest)
}

/// `a · b − product`, exactly but for underflow (Dekker's TwoProduct).
@inline(__always)
private func productError(
  _ a: SIMD4<Double>, _ b: SIMD4<Double>, _ product: SIMD4<Double>
) -> SIMD4<Double> {
  let (aHigh, aLow) = split(a)
  let (bHigh, bLow) = split(b)
  return ((aHigh * bHigh - product) + aHigh * bLow + aLow * bHigh) + aLow * bLow
}

/// Veltkamp's splitting of a 53-bit significand into two of 26.
@inline(__always)
private func split(_ a: SIMD4<Double>) -> (high: SIMD4<Double>, low: SIMD4<Double>) {
  let scaled = a * 134_217_729  // 2²⁷ + 1
  let high = scaled - (scaled - a)
  return (high, a - high)
}
