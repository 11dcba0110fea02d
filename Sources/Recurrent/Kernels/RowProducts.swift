/// Writes `out[r, j] = Σ_k x[r, k] · w[j, k]` for row-major `x (rows, depth)`, `w (columns, depth)` and
/// `out (rows, columns)`, eight lanes of partial sums at a time.
///
/// Every row of `w` is read once for all rows of `x`: with few rows, reading the weights is what takes time.
@inline(__always)
func rowProducts<S: Scalar>(
  _ x: UnsafeBufferPointer<S>, _ w: UnsafeBufferPointer<S>, into out: UnsafeMutableBufferPointer<S>,
  rows: Int, columns: Int, depth: Int
) {
  precondition(x.count == rows * depth && w.count == columns * depth && out.count == rows * columns)
  guard depth > 0, let xStart = x.baseAddress, let wStart = w.baseAddress else {
    out.update(repeating: 0)
    return
  }
  for column in 0..<columns {
    let b = wStart + column * depth
    var row = 0
    while row + 1 < rows {
      let a = xStart + row * depth
      let (first, second) = rowProducts(a, a + depth, b, depth)
      out[row * columns + column] = first
      out[(row + 1) * columns + column] = second
      row += 2
    }
    if row < rows {
      let a = xStart + row * depth
      out[row * columns + column] = rowProducts(a, a, b, depth).0
    }
  }
}

/// The inner products of two rows with a third.
@inline(__always)
private func rowProducts<S: Scalar>(
  _ a: UnsafePointer<S>, _ b: UnsafePointer<S>, _ w: UnsafePointer<S>, _ depth: Int
) -> (S, S) {
  let lanes = 8
  let whole = depth - depth % lanes
  var (p, q) = (SIMD8<S>(), SIMD8<S>())
  var k = 0
  while k < whole {
    let v = UnsafeRawPointer(w + k).loadUnaligned(as: SIMD8<S>.self)
    p += UnsafeRawPointer(a + k).loadUnaligned(as: SIMD8<S>.self) * v
    q += UnsafeRawPointer(b + k).loadUnaligned(as: SIMD8<S>.self) * v
    k += lanes
  }
  var (first, second) = (total(p), total(q))
  while k < depth {
    first += a[k] * w[k]
    second += b[k] * w[k]
    k += 1
  }
  return (first, second)
}

@inline(__always)
private func total<S: Scalar>(_ lanes: SIMD8<S>) -> S {
  let pairs = lanes.lowHalf + lanes.highHalf
  return (pairs[0] + pairs[2]) + (pairs[1] + pairs[3])
}
