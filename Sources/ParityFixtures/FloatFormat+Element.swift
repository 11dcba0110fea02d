import HDF5
import RecurrentParity

extension FloatFormat {
  /// The format of a stored element, nil where it is no IEEE float.
  init?(_ type: ElementType) {
    switch type {
    case .float(bits: 16, _): self = .float16
    case .float(bits: 32, _): self = .float32
    case .float(bits: 64, _): self = .float64
    default: return nil
    }
  }

  /// What values of the format are stored as: the narrowest IEEE type that holds them.
  var elementType: ElementType {
    switch self {
    case .float16: .float(bits: 16, bigEndian: false)
    case .float64: .float(bits: 64, bigEndian: false)
    default: .float(bits: 32, bigEndian: false)
    }
  }
}
