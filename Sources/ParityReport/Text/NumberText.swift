#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A number as a person reads it in a table: two significant digits, "–" where there is none.
package func text(_ number: Number, _ format: NumberFormat = .scientific) -> String {
  guard number.value.isFinite else { return number.value.isNaN ? "–" : "∞" }
  if number.value == 0 { return "0" }
  switch format {
  case .scientific: return printed("%.1e", number.value)
  case .compact: return printed("%.2g", number.value)
  case .tenths: return printed("%.1f", number.value)
  }
}

package enum NumberFormat {
  /// 1.2e-07
  case scientific
  /// 0.031, or 1.2e+06 where that is shorter
  case compact
  /// 24.3
  case tenths
}

private func printed(_ format: String, _ value: Double) -> String {
  var buffer = [CChar](repeating: 0, count: 64)
  let length = withVaList([value]) { vsnprintf(&buffer, buffer.count, format, $0) }
  return String(decoding: buffer.prefix(Int(length)).map(UInt8.init(bitPattern:)), as: UTF8.self)
}
