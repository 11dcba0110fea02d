extension MistakeGuide {
  /// Parameters that were rounded where they were stored, in a run that computes as declared.
  static let storage: [MistakeGuide] = [
    MistakeGuide(
      name: "weights-rounded", did: "used weights that were rounded to %; biases and sums are not",
      instead: "Load the weights as they were before that, or record the rounded ones.",
      port: "The port's weights were rounded on the way.",
      happens: "Weights are quantized or cast to save memory, and computed with in Float32.",
      mending: [
        ("PyTorch", "state_dict of the float32 model, not of model.half() or of a quantized one"),
        ("ONNX", "quantize only other operators: quantize_dynamic(op_types_to_quantize=…)"),
      ], example: "weights-rounded:bfloat16"),
    MistakeGuide(
      name: "parameters-rounded", did: "used weights and biases that were rounded to %; sums are not",
      instead: "Load the parameters as they were before that, or record the rounded ones.",
      port: "The port's parameters were rounded on the way.",
      happens: "A checkpoint is saved in a lower format and loaded into a Float32 model.",
      mending: [
        ("PyTorch", "save the state_dict before model.half() or model.bfloat16()"),
        ("Keras", "save the weights of a float32 model: those of a float16 policy are rounded"),
      ], example: "parameters-rounded:float16"),
    MistakeGuide(
      name: "parameters-printed", did: "used weights and biases that were printed to %",
      instead: "Print all digits that a Float32 needs, nine, or write it in binary.",
      port: "The port's parameters were printed with too few digits.",
      happens: "Weights go through a header file, JSON or CSV that is written with a default format.",
      mending: [
        ("NumPy", "numpy.savetxt writes 18 digits by itself; str() of an array writes 8"),
        ("C", "nine significant digits in printf"),
        ("PyTorch", "torch.set_printoptions(precision=10), or tensor.tolist()"),
      ], example: "parameters-printed:4-decimals"),
    MistakeGuide(
      name: "states-printed",
      did: "is exact to % in every state: its states were printed, and read again",
      instead: "Declare that in the file (decimals), or record the states in binary; nothing else is wrong.",
      happens: "Expected values are copied out of a test or a log.",
      mending: [
        ("all", "set the attribute decimals of the layer, and the states are judged as printed"),
        ("NumPy", "numpy.save, not print"),
      ], example: "states-printed:4-decimals"),
  ]
}
