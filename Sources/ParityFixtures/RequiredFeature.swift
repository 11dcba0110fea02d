/// What a file says that a program must know of to judge it.
enum RequiredFeature: String, CaseIterable {
  case mask
  case layerAxes = "layer-axes"
  case weightsOf = "weights-of"
  case pair
  case clip
  case inputForget = "input-forget"
  case peepholes
  case outputActivation = "output-activation"
  case activations
  case emptyFinal = "empty-final"
  case emptySequences = "empty-sequences"
  case directionOptions = "direction-options"
  case precision
  case otherOptions = "other-options"
  case model
}
