import HDF5
import Recurrent
import RecurrentConventions
import RecurrentParity

/// Writes Keras's files of weights in HDF5.
///
/// Source: `keras/src/saving/saving_lib.py` and `keras/src/legacy/saving/legacy_h5_format.py`; what Keras 3.15 writes.
struct KerasEncoder {
  let layers: [ConvertedLayer]
  let format: FloatFormat

  /// `.weights.h5`: layers by their class, the later ones of it with a number; weights by theirs.
  func weights() throws(HDF5Error) -> [UInt8] {
    let file = try File(inMemoryNamed: "weights.h5")
    var counts: [String: Int] = [:]
    for layer in layers {
      let name = layer.isBidirectional ? "bidirectional" : layer.kind.kerasName
      let count = counts[name, default: 0]
      counts[name] = count + 1
      let group = try file.root.createGroup("layers/" + (count == 0 ? name : "\(name)_\(count)"))
      try group.createGroup("vars").setAttribute("name", layer.name)
      for pass in layer.passes {
        let own =
          layer.isBidirectional ? try group.createGroup("\(pass.direction.rawValue)_layer") : group
        let variables = try own.createGroup("cell/vars")
        for (index, tensor) in pass.kerasTensors.enumerated() {
          try write("\(index)", tensor.tensor, in: variables)
        }
      }
    }
    return try file.image()
  }

  /// The legacy `.h5` of weights alone: layers and weights by lists of their names.
  func legacy() throws(HDF5Error) -> [UInt8] {
    let file = try File(inMemoryNamed: "weights.h5")
    try file.root.setAttribute("layer_names", layers.map(\.name))
    try file.root.setAttribute("backend", "tensorflow")
    try file.root.setAttribute("keras_version", "3.0.0")
    for layer in layers {
      let group = try file.root.createGroup(layer.name)
      var names: [String] = []
      for pass in layer.passes {
        let cell = layer.kind.kerasName
        let half = layer.isBidirectional ? "/\(pass.direction.rawValue)_\(cell)" : ""
        for (name, tensor) in pass.kerasTensors {
          let path = "\(layer.name)\(half)/\(cell)_cell/\(name)"
          names.append(path)
          try write(path, tensor, in: group)
        }
      }
      try group.setAttribute("weight_names", names)
    }
    return try file.image()
  }

  private func write(_ name: String, _ tensor: NativeTensor, in group: Group) throws(HDF5Error) {
    let bits = format == .float64 ? 64 : format == .float16 ? 16 : 32
    try group.write(
      name, tensor.values, shape: tensor.shape, storedAs: .float(bits: bits, bigEndian: false))
  }
}

extension CellKind {
  /// The class's name as Keras makes others of it.
  var kerasName: String { self == .rnn ? "simple_rnn" : rawValue }
}

extension ConvertedPass {
  /// In the order of the cell's variables.
  fileprivate var kerasTensors: [(name: String, tensor: NativeTensor)] {
    ["kernel", "recurrent_kernel", "bias"].compactMap { name in
      converted.tensors[name].map { (name, $0) }
    }
  }
}
