import HDF5
import RecurrentConventions
import RecurrentParity

/// A layout of weight files that is written.
public enum WrittenFormat: String, CaseIterable, Sendable {
  /// `.safetensors` with the names of a `state_dict`.
  case pyTorch = "pytorch"
  /// Keras 3's `.weights.h5`.
  case kerasWeights = "keras-weights"
  /// Keras's legacy `.h5` of weights alone.
  case kerasLegacyWeights = "keras-legacy-weights"
  /// An ONNX model.
  case onnx
  /// `.safetensors` with the flattened names of linen's parameters.
  case flax
  /// `.safetensors` with the names of an `mlx.nn` module.
  case mlx

  /// The layout of a framework that files of such a name have; nil where it reads none of that name.
  public init?(_ target: Convention, fileName: String) {
    let fitting = Self.allCases.filter { $0.target == target && fileName.hasSuffix($0.fileEnding) }
    guard let own = fitting.max(by: { $0.fileEnding.count < $1.fileEnding.count }) else { return nil }
    self = own
  }

  /// Whose it is.
  public var target: Convention {
    switch self {
    case .pyTorch: .pytorch
    case .kerasWeights, .kerasLegacyWeights: .keras
    case .onnx: .onnx
    case .flax: .flax
    case .mlx: .mlx
    }
  }

  /// What a file of it is called at its end.
  public var fileEnding: String {
    switch self {
    case .pyTorch, .flax, .mlx: ".safetensors"
    case .kerasWeights: ".weights.h5"
    case .kerasLegacyWeights: ".h5"
    case .onnx: ".onnx"
    }
  }

  /// Whether values of that format are written as they are.
  func has(_ format: FloatFormat) -> Bool {
    switch self {
    case .pyTorch, .flax: true
    // MLX loads no F64 of a .safetensors.
    case .mlx: format != .float64
    case .kerasWeights, .kerasLegacyWeights: format != .bfloat16
    // What ONNX Runtime computes in.
    case .onnx: format == .float32
    }
  }
}

extension WeightConversion {
  /// The format that the values are written in: the file's own, where the layout has it, else float32.
  public func storedFormat(in layout: WrittenFormat) -> FloatFormat { layout.has(format) ? format : .float32 }

  /// The file's bytes.
  ///
  /// - Throws: where the layers are no stack and the layout holds a whole model, and for what cannot be written, as a value
  ///   beyond the written format's.
  public func bytes(as layout: WrittenFormat) throws(WeightFileError) -> [UInt8] {
    let stored = storedFormat(in: layout)
    try expectFinite(in: stored)
    do {
      switch layout {
      case .pyTorch: return SafetensorsEncoder(format: stored, framework: "pt").bytes(pyTorchTensors)
      case .flax: return SafetensorsEncoder(format: stored, framework: nil).bytes(flaxTensors)
      case .mlx: return SafetensorsEncoder(format: stored, framework: "mlx").bytes(mlxTensors)
      case .kerasWeights: return try KerasEncoder(layers: layers, format: stored).weights()
      case .kerasLegacyWeights: return try KerasEncoder(layers: layers, format: stored).legacy()
      case .onnx:
        if let notAStack { throw notAStack }
        return ONNXEncoder(layers: layers, format: stored).bytes()
      }
    } catch let error as WeightFileError {
      throw error
    } catch {
      throw WeightFileError(file: file, path: "/", expected: "weights that can be written", found: "\(error)")
    }
  }

  /// Rounding moves a value by a part of it, but for one that is beyond the format's largest number.
  private func expectFinite(in stored: FloatFormat) throws(WeightFileError) {
    for layer in layers {
      for (name, tensor) in layer.passes.flatMap(\.converted.tensors) {
        guard let value = tensor.values.first(where: { !stored.round($0).isFinite }) else { continue }
        throw WeightFileError(
          file: file, path: "\(layer.name): \(name)",
          expected: "values within \(stored.name), which is written for \(target.title)",
          found: "\(value)")
      }
    }
  }
}
