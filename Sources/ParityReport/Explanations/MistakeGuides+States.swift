extension MistakeGuide {
  /// What becomes of the state between steps, and what it begins with.
  static let states: [MistakeGuide] = [
    MistakeGuide(
      name: "state-not-carried", did: "lost % after every step",
      instead: "Each step starts from the state that the step before returned.",
      happens: "A loop passes the initial state again, or none, or assigns the new state to another name.",
      mending: [
        ("PyTorch", "y, h = rnn(x_t, h) in the loop: hand the returned h back"),
        ("Keras", "output, states = cell(x_t, states): hand the returned states back"),
        ("Flax", "carry, y = cell(carry, x_t): hand the returned carry back"),
        ("MLX", "h = rnn(x_t, h)[..., -1, :]: hand the returned state back"),
      ], example: "state-not-carried:h"),
    MistakeGuide(
      name: "state-reset", did: "lost %",
      instead: "Carry the state from one chunk to the next.",
      happens: "A sequence is run in chunks, and each starts anew.",
      mending: [
        ("PyTorch", "pass the returned state on: y, h = rnn(chunk, h); for an LSTM h is (h, c)"),
        ("Keras", "stateful=True, without reset_states() in between"),
        ("ONNX", "feed Y_h and Y_c back as initial_h and initial_c"),
        ("Flax", "RNN(cell)(chunk, initial_carry=carry, return_carry=True)"),
        ("MLX", "y = rnn(chunk, hidden=y_before[..., -1, :]); of an LSTM cell as well"),
        ("Swift", "Pass(initialState: …) of a chunk is the last state of the chunk before"),
      ], example: "state-reset:h every 4 steps"),
    MistakeGuide(
      name: "state-carried-from", did: "started every step but the first from the state of layer %",
      instead: "Each layer and direction carries its own state: step t starts from its own h_{t−1}.",
      happens: "One variable holds the state of several cells in a loop, or states are indexed wrongly.",
      mending: [
        ("PyTorch", "h[l] = cell[l](x, h[l]): a state for each layer and direction"),
        ("Keras", "StackedRNNCells takes and returns one state a cell, in order"),
        ("own code", "keep a state for each layer and direction"),
      ], example: "state-carried-from:0"),
    MistakeGuide(
      name: "first-recurrent-bias-ignored", did: "did not add bias_hh at the first step",
      instead:
        "The recurrent bias is added at every step, whatever the state is; of a GRU's new gate it stands inside "
        + "r ⊙ (W_hn h + b_hn).",
      happens: "The recurrent product, and its bias with it, is left out where there is no state yet.",
      mending: [
        ("MLX", "pass a state of zeros: gru(x, hidden=mx.zeros((B, H)))"),
        ("own code", "start from a state of zeros rather than from none"),
      ]),
    MistakeGuide(
      name: "stale-buffer", did: "added every step's recurrent product to those of the steps before",
      instead:
        "A step's pre-activation holds one recurrent product, W_hh h_{t−1}: clear the buffer before it.",
      happens:
        "A buffer is written by C += A · B, and set to the bias before each step; where there is no bias, nothing "
        + "clears it.",
      mending: [
        (
          "ONNX",
          "ONNX Runtime before 1.3 with linear_before_reset = 1 and no B: give it a B of zeros, or a later version"
        ),
        ("own code", "beta = 0 in the product, or clear the buffer before every step"),
      ]),
    MistakeGuide(
      name: "recurrent-dropout",
      did:
        "had dropout on its recurrent weights, with p = %: the same of them were 0 at every step, the others divided "
        + "by 1 − p",
      instead: "Compare in evaluation mode: without dropout the recurrent weights are used as they are.",
      port: "The port holds the recurrent weights as a training step left them.",
      happens: "DropConnect stays on at inference, or its mask is exported with the weights.",
      mending: [
        ("haste", "LSTM(…, dropout=0.0), or eval() in a version that heeds it"),
        ("PyTorch", "WeightDrop: model.eval(), or copy weight_hh_l0_raw"),
        ("own code", "apply the mask in training only"),
      ], example: "recurrent-dropout:0.25"),
    MistakeGuide(
      name: "initial-state-other",
      did: "started from another state than the file says (%): only what begins there fails",
      instead:
        "Record the state that it started from, or start it from the file's. What it read at its first step may be "
        + "another as well: no record tells the two apart.",
      happens: "A stateful layer keeps its state from the call before, or a state is learned or random.",
      mending: [
        ("Keras", "layer.reset_states() before the recorded call, or record its states before it"),
        ("PyTorch", "pass h_0, and record what is passed"), ("ONNX", "initial_h and initial_c of that call"),
        ("Flax", "RNN(cell)(x, initial_carry=…), and record what is passed"),
        ("MLX", "rnn(x, hidden); lstm(x, hidden, cell): record what is passed"),
        ("Swift", "Pass(initialState: …)"),
      ], example: "initial-state-other:h"),
    MistakeGuide(
      name: "steps-passed-over", did: "computed nothing at % steps, as if they were masked",
      instead: "Record the mask that it had, or run it without.",
      happens: "A mask or lengths reach the run and not the file.",
      mending: [
        ("Keras", "a Masking layer or mask_zero=True makes a mask of the values: record it"),
        ("ONNX", "sequence_lens"), ("PyTorch", "pack_padded_sequence returns zeros behind each length"),
      ], example: "steps-passed-over:4"),
    MistakeGuide(
      name: "padding-at-other-end", did: "took the other end of each sequence for its padding",
      instead: "The valid steps are those that the file says.",
      happens: "Sequences are padded in front, and the port is given their lengths alone; or the reverse.",
      mending: [
        ("ONNX", "sequence_lens counts from the start: move the padding behind each sequence"),
        ("Keras", "pad_sequences pads in front by default: padding=\"post\", or pass the mask on"),
        ("PyTorch", "pack_padded_sequence reads the first lengths[b] steps"),
      ]),
  ]
}
