/// The larger of two, NaN above all: NaN is never a small difference.
func greater(_ a: Double, _ b: Double) -> Double { a.isNaN || b.isNaN ? .nan : max(a, b) }
