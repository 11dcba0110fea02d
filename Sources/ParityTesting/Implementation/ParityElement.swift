import RecurrentParity

/// A type that an implementation under test computes in: `Float`, `Double`, or `Float16` where the platform has it.
///
/// It is also what the implementation declares of its arithmetic: a `Double` implementation is held to Float64, however
/// the reference that its weights come from was computed.
public protocol ParityElement: BinaryFloatingPoint, ParityValues, Sendable where ParityScalar == Self {
  /// What a run in this type is judged as.
  static var declaredPrecision: DeclaredPrecision { get }
}

extension ParityElement {
  /// A number by itself: no axes.
  public var parityTensor: ParityTensor<Self> { ParityTensor(shape: [], values: [self]) }
}

extension Float: ParityElement {
  public static var declaredPrecision: DeclaredPrecision { .float32 }
}

extension Double: ParityElement {
  public static var declaredPrecision: DeclaredPrecision { .float64 }
}

#if !(os(macOS) && arch(x86_64))
  @available(macOS 11, iOS 14, tvOS 14, watchOS 7, *)
  extension Float16: ParityElement {
    public static var declaredPrecision: DeclaredPrecision { .float16 }
  }
#endif
