import Foundation

/// What a cell needs of vectors of numbers, so that it runs on Accelerate where that is.
public protocol VectorMath {
  /// `x W` of a row `x (rows)` with `W (rows, columns)`, row-major.
  static func product(_ x: [Float], _ w: [Float], columns: Int) -> [Float]
  static func sum(_ a: [Float], _ b: [Float]) -> [Float]
  /// Element by element.
  static func product(_ a: [Float], _ b: [Float]) -> [Float]
  static func tanh(_ x: [Float]) -> [Float]
  static func sigmoid(_ x: [Float]) -> [Float]
}

/// On any platform.
public enum PlainMath: VectorMath {
  public static func product(_ x: [Float], _ w: [Float], columns: Int) -> [Float] {
    var result = [Float](repeating: 0, count: columns)
    for (row, x) in x.enumerated() {
      for column in 0..<columns { result[column] += x * w[row * columns + column] }
    }
    return result
  }

  public static func sum(_ a: [Float], _ b: [Float]) -> [Float] { zip(a, b).map(+) }
  public static func product(_ a: [Float], _ b: [Float]) -> [Float] { zip(a, b).map(*) }
  public static func tanh(_ x: [Float]) -> [Float] { x.map { Foundation.tanh($0) } }
  public static func sigmoid(_ x: [Float]) -> [Float] { x.map { 1 / (1 + exp(-$0)) } }
}

#if canImport(Accelerate)
  import Accelerate

  /// With vDSP and vForce.
  public enum AccelerateMath: VectorMath {
    public static func product(_ x: [Float], _ w: [Float], columns: Int) -> [Float] {
      var result = [Float](repeating: 0, count: columns)
      vDSP_mmul(x, 1, w, 1, &result, 1, 1, vDSP_Length(columns), vDSP_Length(x.count))
      return result
    }

    public static func sum(_ a: [Float], _ b: [Float]) -> [Float] { vDSP.add(a, b) }
    public static func product(_ a: [Float], _ b: [Float]) -> [Float] { vDSP.multiply(a, b) }
    public static func tanh(_ x: [Float]) -> [Float] { vForce.tanh(x) }

    public static func sigmoid(_ x: [Float]) -> [Float] {
      let halves = vForce.tanh(vDSP.multiply(0.5, x))
      return vDSP.add(0.5, vDSP.multiply(0.5, halves))
    }
  }

  public typealias PlatformMath = AccelerateMath
#else
  public typealias PlatformMath = PlainMath
#endif
