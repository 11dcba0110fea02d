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
}
