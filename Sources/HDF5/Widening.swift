/// Widens Float32 values to Float64 where they lie, in the second half of memory of `count` Float64 values. Each is
/// read before anything is written in its place.
func widen(_ memory: UnsafeMutableRawPointer, count: Int) {
  let narrow = UnsafeRawPointer(memory) + MemoryLayout<Float>.stride * count
  // Eight at a time: a loop over single values is not vectorized, for the compiler to see is that both overlap.
  let wholeBlocks = count - count % 8
  for index in stride(from: 0, to: wholeBlocks, by: 8) {
    let values = narrow.loadUnaligned(fromByteOffset: 4 * index, as: SIMD8<Float>.self)
    memory.storeBytes(of: SIMD8<Double>(values), toByteOffset: 8 * index, as: SIMD8<Double>.self)
  }
  for index in wholeBlocks..<count {
    let value = narrow.loadUnaligned(fromByteOffset: 4 * index, as: Float.self)
    memory.storeBytes(of: Double(value), toByteOffset: 8 * index, as: Double.self)
  }
}
