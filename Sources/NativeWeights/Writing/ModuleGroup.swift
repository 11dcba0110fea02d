import Recurrent
import RecurrentConventions

/// Layers that a framework has in one module: PyTorch's `num_layers`.
struct ModuleGroup {
  /// What its parameters' names begin with; empty for a module that is the model.
  let name: String
  let layers: [ConvertedLayer]
}

extension [ConvertedLayer] {
  /// Layers of one module stay one module where its cells are alike and each reads the one below; others are each their
  /// own.
  var moduleGroups: [ModuleGroup] {
    var groups: [ModuleGroup] = []
    var rest = self[...]
    while let first = rest.first {
      let sameModule = rest.prefix { $0.module == first.module && $0.source == first.source }
      let isModule = sameModule.count == count { $0.module == first.module }
      if isModule, first.source == .pytorch || sameModule.count > 1, Array(sameModule).areOneStack {
        groups.append(ModuleGroup(name: first.module, layers: Array(sameModule)))
        rest = rest.dropFirst(sameModule.count)
      } else {
        groups.append(ModuleGroup(name: first.name, layers: [first]))
        rest = rest.dropFirst()
      }
    }
    return groups
  }

  private var areOneStack: Bool {
    guard let first else { return false }
    let cell = first.passes[0].converted.cell
    return zip(self, dropFirst()).allSatisfy { below, above in
      above.passes.allSatisfy { pass in
        let other = pass.converted.cell
        return above.passes.map(\.direction) == first.passes.map(\.direction) && other.kind == cell.kind
          && other.hiddenSize == cell.hiddenSize && other.stateSize == cell.stateSize
          && other.activation == cell.activation
          && (other.gates[0].gate.biasIH == nil) == (cell.gates[0].gate.biasIH == nil)
          && other.inputSize == below.passes.count * cell.stateSize
      }
    }
  }
}
