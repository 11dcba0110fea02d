import Recurrent

extension Reference {
  /// This reference with its layers and directions where their partners stand in the other, whose states are to be
  /// judged by it. What has no partner is the other's own, and is not to be judged.
  ///
  /// An initial state that a model computed or carried belongs to the run, and so does one of other sequences: then it
  /// is the other's.
  func aligned(to other: Reference, by pairing: LayerPairing, in parityCase: ParityCase) -> Reference {
    var aligned = self
    aligned.layers = other.layers.enumerated().map { index, layer in
      var result = layer
      if let partner = pairing.partner(of: index) {
        result.name = layers[partner].name
        result.otherOptions = layers[partner].otherOptions
      }
      result.passes = zip(layer.passes, pairing.partners[index]).map { own, place in
        guard let place else { return own }
        var pass = layers[place.layer].passes[place.pass]
        let isOfOtherSequences =
          pass.initialState.map { $0.h.rows != parityCase.valid(in: layer).batch } ?? false
        if own.hasStateOfItsOwn || pass.hasStateOfItsOwn || isOfOtherSequences {
          pass.initialState = own.initialState
        }
        return pass
      }
      return result
    }
    return aligned
  }
}
