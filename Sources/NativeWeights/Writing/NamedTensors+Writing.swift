import Recurrent
import RecurrentConventions

/// The names under which flat files have the weights of a layer.
extension WeightConversion {
  /// The module's own names: `encoder.weight_ih_l0_reverse`.
  var pyTorchTensors: [(name: String, tensor: NativeTensor)] {
    layers.moduleGroups.flatMap { group in
      let prefix = group.name.isEmpty ? "" : group.name + "."
      return group.layers.enumerated().flatMap { index, layer in
        layer.passes.flatMap { pass in
          pass.converted.tensors.sorted { $0.key < $1.key }.map { name, tensor in
            ("\(prefix)\(name)_l\(index)" + (pass.direction == .backward ? "_reverse" : ""), tensor)
          }
        }
      }
    }
  }

  /// The flattened names of linen's `RNN` and `Bidirectional`: `params/encoder/forward_rnn/cell/hi/kernel`.
  var flaxTensors: [(name: String, tensor: NativeTensor)] {
    layers.flatMap { layer in
      layer.passes.flatMap { pass in
        let half = layer.isBidirectional ? "\(pass.direction.rawValue)_rnn/" : ""
        return pass.converted.tensors.sorted { $0.key < $1.key }.map { name, tensor in
          ("params/\(layer.name)/\(half)cell/\(name)", tensor)
        }
      }
    }
  }

  /// The module's own names: `encoder.Wx`, of a plain RNN `encoder.Wxh`.
  var mlxTensors: [(name: String, tensor: NativeTensor)] {
    layers.flatMap { layer in
      layer.passes.flatMap { pass in
        pass.converted.tensors.sorted { $0.key < $1.key }.map { name, tensor in
          let own = layer.kind == .rnn ? ["Wx": "Wxh", "Wh": "Whh"][name] ?? name : name
          return ("\(layer.name).\(own)", tensor)
        }
      }
    }
  }
}
