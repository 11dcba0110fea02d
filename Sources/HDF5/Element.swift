/// A number that datasets and attributes can be read into and written from: `Float`, `Double`, and the
/// integers of 8 to 64 bits.
///
/// Only for the types below. (There is no `Float16`, which not every platform has: IEEE half is read
/// as `Float` or `Double`.)
public protocol Element: BitwiseCopyable, Sendable {
  /// What a value is in memory; its byte order is that of the machine, whatever this says of it.
  static var elementType: ElementType { get }
}

extension Float: Element {
  public static var elementType: ElementType { .float(bits: 32, bigEndian: false) }
}

extension Double: Element {
  public static var elementType: ElementType { .float(bits: 64, bigEndian: false) }
}

extension Element where Self: FixedWidthInteger {
  public static var elementType: ElementType {
    .integer(bits: bitWidth, signed: isSigned, bigEndian: false)
  }
}

extension Int8: Element {}
extension Int16: Element {}
extension Int32: Element {}
extension Int64: Element {}
extension UInt8: Element {}
extension UInt16: Element {}
extension UInt32: Element {}
extension UInt64: Element {}
