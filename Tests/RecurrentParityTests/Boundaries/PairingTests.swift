import BundledCases
import Recurrent
import Testing

@testable import RecurrentParity

/// Which layer of one reference is which of another's.
@Suite struct PairingTests {
  /// pytorch's layers in another order, and under names that keras does not have.
  private func shuffled(_ name: String = "stackedrnn-tanh") throws -> ParityCase {
    try ParityCase.modelled(name).changing { parityCase in
      let layers = parityCase.references[1].layers
      parityCase.references[1].layers = [layers[0], layers[2], layers[1]]
      parityCase.references[1].model?.spread = nil
      for index in 0..<3 { parityCase.references[1].layers[index].name = "branch\(index)" }
    }
  }

  private func partners(_ pairing: LayerPairing) -> [Int?] {
    pairing.partners.indices.map { pairing.partner(of: $0) }
  }

  @Test("Layers that are called in another order are paired by their weights, and match")
  func byWeights() throws {
    let parityCase = try shuffled()
    let pairing = LayerPairing(parityCase.references[0], parityCase.references[1])
    #expect(partners(pairing) == [0, 2, 1] && pairing.ground == .weights && !pairing.isAmbiguous)
    let judgement = parityCase.judged(.verdictOnly)
    #expect(judgement.verdict == .match)
    #expect(judgement.cross.map { $0.passes.map(\.otherLayer) } == [[0, 2, 1], [0, 2, 1]])
  }

  @Test("A layer whose weights are wrong is paired with what is left, and is a mismatch")
  func wrongWeights() throws {
    let parityCase = try shuffled().changing {
      $0.references[1].layers[1].passes[0].cell = $0.references[1].layers[1].passes[0].cell.changing {
        _, gate in
        gate.weightHH.elements[0] += 0.25
      }
    }
    let pairing = LayerPairing(parityCase.references[0], parityCase.references[1])
    #expect(partners(pairing) == [0, 2, 1] && pairing.ground == .order)
    let cross = parityCase.judged(.verdictOnly).cross[0]
    #expect(cross.passes.filter { $0.verdict == .mismatch }.map(\.layer) == [2])
  }

  @Test("Names come before weights")
  func byName() throws {
    let parityCase = try ParityCase.modelled().changing { parityCase in
      for index in parityCase.references.indices {
        for (layer, name) in ["a", "b", "c"].enumerated() {
          parityCase.references[index].layers[layer].name = name
        }
      }
      parityCase.references[1].layers.swapAt(1, 2)
    }
    let pairing = LayerPairing(parityCase.references[0], parityCase.references[1])
    #expect(partners(pairing) == [0, 2, 1] && pairing.ground == .name)
  }

  /// Of two layers that names and weights pair one way, the labels say the other.
  private func contradicted(_ labels: [String?], _ others: [String?]) throws -> ParityCase {
    try ParityCase.modelled().changing { parityCase in
      for (reference, labels) in [labels, others].enumerated() {
        for layer in 0..<3 {
          parityCase.references[reference].layers[layer].name = "layer\(layer)"
          parityCase.references[reference].layers[layer].pair = labels[layer]
        }
      }
    }
  }

  @Test("What the file says comes before names and weights; what it says nothing of is paired as ever")
  func byFile() throws {
    let parityCase = try contradicted([nil, "a", "b"], [nil, "b", "a"])
    let pairing = LayerPairing(parityCase.references[0], parityCase.references[1])
    #expect(partners(pairing) == [0, 2, 1] && pairing.ground == .name && pairing.declared == 2)
    // Those are other layers: the pairing is what is judged.
    #expect(parityCase.judged(.verdictOnly).cross.allSatisfy { $0.verdict == .mismatch })
    let agreed = try contradicted([nil, "a", "b"], [nil, "a", "b"])
    #expect(agreed.judged(.verdictOnly).verdict == .match)
    let bare = parityCase.changing { for index in 0..<2 { $0.references[index].model = nil } }
    #expect(partners(LayerPairing(bare.references[0], bare.references[1])) == [0, 2, 1])
  }

  @Test("A label that only one of two references has says nothing")
  func lonelyLabel() throws {
    let parityCase = try contradicted(["a", "b", nil], ["c", nil, nil])
    let pairing = LayerPairing(parityCase.references[0], parityCase.references[1])
    #expect(partners(pairing) == [0, 1, 2] && pairing.declared == 0)
  }

  @Test("Layers of one label that are unlike are no others' partners, and the networks are not one")
  func unlikeLabels() throws {
    for hasModels in [true, false] {
      // Its first layer is of another input size.
      let parityCase = try contradicted(["a", nil, nil], [nil, "a", nil]).changing { parityCase in
        if !hasModels { for index in 0..<2 { parityCase.references[index].model = nil } }
      }
      let pairing = LayerPairing(parityCase.references[0], parityCase.references[1])
      #expect(pairing.partner(of: 0) == nil && pairing.unpaired.first.contains(0))
      #expect(pairing.unpaired.second.contains(1))
      let cross = parityCase.judged(.verdictOnly).cross[0]
      #expect(cross.structure != nil && cross.verdict == .mismatch)
    }
  }

  @Test("Layers without models are paired in their order: exchanged weights stay a mismatch")
  func bareLayers() throws {
    let parityCase = try shuffled().changing { parityCase in
      for index in parityCase.references.indices { parityCase.references[index].model = nil }
    }
    #expect(
      partners(LayerPairing(parityCase.references[0], parityCase.references[1])) == [0, 1, 2])
    #expect(parityCase.judged(.verdictOnly).cross.allSatisfy { $0.verdict == .mismatch })
  }

  @Test("Layers with equal weights are told apart by their order, and that is said")
  func ambiguous() throws {
    let parityCase = try ParityCase.modelled().changing { parityCase in
      for index in parityCase.references.indices {
        parityCase.references[index].layers[2].passes[0].cell =
          parityCase.references[index].layers[1].passes[0].cell
        for layer in 0..<3 { parityCase.references[index].layers[layer].name = "\(index)\(layer)" }
      }
    }
    let pairing = LayerPairing(parityCase.references[0], parityCase.references[1])
    #expect(partners(pairing) == [0, 1, 2] && pairing.isAmbiguous)
  }

  @Test(
    "Two layers of one direction are the halves of a bidirectional one", arguments: ["birnn-tanh", "bilstm"])
  func halves(_ name: String) throws {
    let parityCase = try ParityCase.modelled(name).changing { parityCase in
      let layer = parityCase.references[1].layers[0]
      parityCase.references[1].layers = layer.passes.indices.map { index in
        var half = layer
        half.name = "half\(index)"
        half.passes = [layer.passes[index]]
        half.output = layer.output?.part(index, of: 2)
        return half
      }
      parityCase.references[1].model?.spread = nil
    }
    let judgement = parityCase.judged(.verdictOnly)
    #expect(judgement.verdict == .match)
    #expect(judgement.cross.map { $0.passes.map(\.otherLayer) } == [[0, 1], [0, 0]])
    #expect(
      judgement.boundaries.map(\.otherBoundary.path).filter { $0.hasPrefix("layers") }
        == ["layers/0/input", "layers/1/input"])
    let wrong = parityCase.changing {
      $0.references[1].layers[1].passes[0].cell =
        $0.references[1].layers[1].passes[0].cell.changing { _, gate in gate.weightIH.elements[0] += 0.25 }
    }
    #expect(wrong.judged(.verdictOnly).cross.allSatisfy { $0.verdict == .mismatch })
  }

  @Test("A layer that nothing is like has no partner; the others are judged, and it is named")
  func unpaired() throws {
    let parityCase = try ParityCase.modelled().changing {
      $0.references[1].layers.removeLast()
      $0.references[1].model?.spread = nil
    }
    let cross = parityCase.judged(.verdictOnly).cross[0]
    #expect(cross.verdict == .mismatch && cross.passes.map(\.verdict) == [.match, .match])
    guard case .unpaired(let own, let others) = cross.structure else {
      Issue.record("\(String(describing: cross.structure))")
      return
    }
    #expect(own.map(\.name) == [parityCase.references[0].layers[2].name] && others.isEmpty)
  }

  @Test("A computed initial state is the run's own, and its difference is a boundary's affair")
  func computedStates() throws {
    let name = "stackedbigru"
    let parityCase = try ParityCase.modelled(name).changing { parityCase in
      for address in parityCase.passAddresses { parityCase[address].initialStateSource = .computed }
    }
    let judgement = parityCase.judged(.verdictOnly)
    let states = judgement.boundaries.filter { $0.boundary.path.contains("initial_state") }
    #expect(!states.isEmpty && states.allSatisfy { $0.verdict == .match })
    let changed = parityCase.changing {
      $0.references[0].layers[0].passes[0].initialState?.h.elements[0] += 0.5
    }
    let judged = changed.judged(.verdictOnly)
    #expect(judged.cross.allSatisfy { $0.parameters.isEmpty })
    #expect(
      judged.boundaries.contains {
        $0.boundary.path == "layers/0/forward/initial_state/h" && $0.verdict == .differs
      })
  }
}
