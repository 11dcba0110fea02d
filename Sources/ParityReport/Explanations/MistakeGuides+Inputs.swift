extension MistakeGuide {
  /// What a layer read.
  static let inputs: [MistakeGuide] = [
    MistakeGuide(
      name: "input-time-reversed", did: "read its input backwards in time",
      instead: "Step t reads x_t; a backward direction still records its states at the input's time.",
      happens: "A sequence is reversed for a backward layer that reverses it by itself.",
      mending: [
        ("Keras", "go_backwards=True reads backwards: do not flip the input as well"),
        ("own code", "flip once, and flip the states back"),
      ]),
    MistakeGuide(
      name: "input-axes-exchanged", did: "read its input with time and batch exchanged",
      instead: "Exchange the first two axes of the input.",
      happens: "A batch-first array is read as time-major; with T = B no shape shows it.",
      mending: [
        ("PyTorch", "batch_first=True, or x.transpose(0, 1)"), ("ONNX", "X is (T, B, I) where layout is 0"),
      ]),
    MistakeGuide(
      name: "input-rows", did: "fed the sequences of the batch each other's inputs, in the order %",
      instead: "Put inputs, lengths and states into one order.",
      happens: "A batch is sorted by length for packing, and only some of it is put back.",
      mending: [("PyTorch", "pack with enforce_sorted=False, or undo the sorting on the output")],
      example: "input-rows:1 0 2"),
    MistakeGuide(
      name: "input-of", did: "read the input of the % instead of the output of the layer below",
      instead: "Each layer reads what the layer below returns.",
      happens: "A loop over layers feeds x to each of them; with I = H no shape shows it.",
      mending: [("own code", "x = layer(x) in the loop over layers")], example: "input-of:network"),
    MistakeGuide(
      name: "input-halves-interleaved",
      did: "read the units of the two directions below alternately, f₀ b₀ f₁ b₁ …",
      instead: "The forward units come first, then the backward ones.",
      happens: "Stacked outputs (T, B, H, D) are reshaped without a transposition.",
      mending: [("own code", "transpose (T, B, H, D) to (T, B, D, H) before reshaping to (T, B, D·H)")]),
    MistakeGuide(
      name: "input-backward-not-reversed",
      did: "read the backward half of the lower layer's output in processing order",
      instead: "It must be reversed to stand at the input's time.",
      happens: "The output of a layer with go_backwards is concatenated as it comes.",
      mending: [
        ("Keras", "flip the output of go_backwards=True along time; Bidirectional does it by itself"),
        ("own code", "flip within each sequence's length, not within T"),
      ]),
    MistakeGuide(
      name: "input-scaled", did: "read its input multiplied by %", instead: "The file's input is not scaled.",
      happens: "A normalisation is applied twice, or on one side only.",
      mending: [("all", "feed both what was recorded, or record what is fed")], example: "input-scaled:0.5"),
    MistakeGuide(
      name: "input-offset", did: "read its input with % added", instead: "The file's input has no offset.",
      happens: "A mean is subtracted twice, or on one side only.",
      mending: [("all", "feed both what was recorded, or record what is fed")], example: "input-offset:0.1"),
    MistakeGuide(
      name: "input-dropout",
      did: "had dropout on, with p = %: it read each of its inputs as 0 or divided by 1 − p",
      instead: "Compare in evaluation mode.",
      happens: "The model is left in training mode.",
      mending: [
        ("PyTorch", "model.eval()"), ("Keras", "layer(x, training=False)"),
        ("ONNX", "export with training=TrainingMode.EVAL; training_mode = False at Dropout"),
      ], example: "input-dropout:0.3"),
  ]
}
