extension MistakeGuide {
  /// Every hypothesis, in the order in which they are tried.
  public static let all: [MistakeGuide] =
    common + permutations + states + inputs + options + storage + outputs

  private static let common: [MistakeGuide] = [
    MistakeGuide(
      name: "bias-hh-ignored", did: "did not add bias_hh",
      instead: "In the one-bias formula the bias is bias_ih + bias_hh.",
      port: "The port's bias holds bias_ih alone.",
      happens: "A port to one bias copies bias_ih and drops bias_hh, or a loader looks for one bias only.",
      mending: [
        ("Keras", "bias = bias_ih + bias_hh; a GRU with reset_after takes both, stacked as (2, 3H)"),
        ("ONNX", "B is [Wb, Rb]: the recurrent biases are its second half"),
      ]),
    MistakeGuide(
      name: "bias-ih-ignored", did: "did not add bias_ih",
      instead: "The formula adds it with the input product.",
      port: "The port's bias holds bias_hh alone.",
      happens: "A bias is looked up under another name, or the input projection is done without one.",
      mending: [
        ("PyTorch", "load bias_ih and bias_hh both; neither may stay at its initial value"),
        ("Keras", "set use_bias=True and load the layer's bias"),
      ]),
    MistakeGuide(
      name: "bias-doubled", did: "added every bias twice", instead: "Each bias is added once.",
      port: "The port holds every bias twice over.",
      happens: "The sum bias_ih + bias_hh is stored in both places, or a merged bias is added again.",
      mending: [
        ("PyTorch", "from a one-bias network: bias_ih = bias, bias_hh = 0"),
        ("ONNX", "from a one-bias network: Wb = bias, Rb = 0"),
      ]),
    MistakeGuide(
      name: "biases-swapped", did: "exchanged bias_ih and bias_hh",
      instead: "In a GRU that resets after the product the two are not interchangeable.",
      port: "The port holds the two biases in each other's place.",
      happens: "The rows of a Keras GRU's bias (2, 3H) are read in the wrong order.",
      mending: [("Keras", "row 0 is the input's bias, row 1 the recurrent one")]),
    MistakeGuide(
      name: "forget-bias-added", did: "added 1 to the forget gate's bias",
      instead: "The stored bias already holds whatever the training framework added.",
      port: "The port's forget bias holds 1 too much.",
      happens: "unit_forget_bias or forget_bias=1 is applied to loaded weights as if they were fresh.",
      mending: [
        ("Keras", "unit_forget_bias only initialises: load weights after the layer is built"),
        ("TensorFlow 1", "rnn cells add forget_bias at run time: set it to 0, or take 1 off the stored bias"),
      ]),
    MistakeGuide(
      name: "recurrent-weights-transposed", did: "used the recurrent weights transposed",
      instead: "PyTorch multiplies x @ Wᵀ, Keras x @ W.",
      port: "The port's recurrent weights are transposed once too often, or once too few.",
      happens: "weight_hh is square, so a missing or doubled transposition goes unnoticed.",
      mending: [
        ("Keras", "recurrent_kernel = weight_hhᵀ"), ("ONNX", "R = weight_hh, not transposed"),
      ]),
    MistakeGuide(
      name: "input-weights-transposed", did: "used the input weights transposed",
      instead: "PyTorch multiplies x @ Wᵀ, Keras x @ W.",
      port: "The port's input weights are transposed once too often, or once too few.",
      happens: "With as many inputs as units the shape does not show it.",
      mending: [("Keras", "kernel = weight_ihᵀ"), ("ONNX", "W = weight_ih, not transposed")]),
    MistakeGuide(
      name: "weights-swapped", did: "exchanged the input and the recurrent weights",
      instead: "weight_ih multiplies x_t, weight_hh multiplies h_{t−1}.",
      port: "The port holds the two weights in each other's place.",
      happens: "Weights are loaded by position, and with I = H both have one shape.",
      mending: [
        ("PyTorch", "load by name: weight_ih_l0, weight_hh_l0"),
        ("Keras", "get_weights() is kernel, recurrent_kernel, bias"),
      ]),
    MistakeGuide(
      name: "directions-swapped", did: "used the other direction's weights",
      instead: "The forward weights read the sequence from its start.",
      port: "The port holds the two directions in each other's place.",
      happens: "The two directions are loaded in the wrong order.",
      mending: [
        ("PyTorch", "the backward weights end in _reverse"),
        ("Keras", "Bidirectional's weights are the forward three, then the backward three"),
        ("ONNX", "index 0 of W, R and B is forward, 1 is reverse"),
      ]),
    MistakeGuide(
      name: "gate-order", did: "used the stored gate blocks as %",
      instead: "The blocks must be reordered between frameworks.",
      port: "The port's gate blocks are in the wrong places.",
      happens: "Packed weights are copied as they are into a framework with another gate order.",
      mending: [
        ("PyTorch", "GRU r, z, n; LSTM i, f, g, o"), ("Keras", "GRU z, r, h; LSTM i, f, c, o"),
        ("ONNX", "GRU z, r, h; LSTM i, o, f, c"),
      ]),
    MistakeGuide(
      name: "reset-before", did: "applied the reset gate before the recurrent product",
      instead: "The file declares reset_after: r ⊙ (W_hn h + b_hn).",
      port: "The port is of the other variant.",
      happens: "The GRU variant of the original paper is run with weights of the cuDNN variant.",
      mending: [
        ("Keras", "reset_after=True"), ("ONNX", "linear_before_reset = 1"),
        ("PyTorch", "always resets after: weights of the other variant cannot be carried over"),
      ]),
    MistakeGuide(
      name: "reset-after", did: "applied the reset gate after the recurrent product",
      instead: "The file declares reset_after false: W_hn (r ⊙ h).",
      port: "The port is of the other variant.",
      happens: "The cuDNN variant of the GRU is run with weights of the original one.",
      mending: [("Keras", "reset_after=False"), ("ONNX", "linear_before_reset = 0")]),
    MistakeGuide(
      name: "recurrent-bias-merged", did: "merged b_hn into b_in",
      instead: "b_hn stands inside r ⊙ (W_hn h + b_hn) and cannot be moved.",
      port: "The port's input bias holds the sum, and its recurrent bias none.",
      happens: "bias_ih + bias_hh is taken for all gates of a GRU, as it may be for the other two.",
      mending: [
        ("Keras", "reset_after=True, bias = stack(bias_ih, bias_hh)"),
        ("MLX", "b holds b_in, bhn holds b_hn"),
      ]),
    MistakeGuide(
      name: "update-gate-inverted", did: "let the update gate take the new state, z n + (1 − z) h",
      instead: "The frameworks' gate keeps the old one: (1 − z) n + z h.",
      happens: "A paper's notation with z and 1 − z exchanged is implemented with a framework's weights.",
      mending: [("own code", "exchange z and 1 − z, or negate the update gate's weights and biases")]),
    MistakeGuide(
      name: "activation", did: "used the activation %", instead: "The file declares another.",
      happens: "A layer is built with its default activation, or the attribute is lost on the way.",
      mending: [
        ("PyTorch", "nonlinearity='tanh' or 'relu'"), ("Keras", "activation=…"), ("ONNX", "activations=[…]"),
      ]),
    MistakeGuide(
      name: "recurrent-activation", did: "used the recurrent activation %",
      instead: "The file declares another.",
      happens: "hard_sigmoid was the default of Keras 1 and TF 1, and Keras 3 defines it anew.",
      mending: [
        ("Keras", "recurrent_activation='sigmoid'; Keras 3's hard_sigmoid is relu6(x + 3) / 6"),
        ("own code", "Keras 2's hard_sigmoid is clip(0.2 x + 0.5, 0, 1)"),
      ]),
    MistakeGuide(
      name: "initial-state-ignored", did: "started % from zeros",
      instead: "The file has an initial state.",
      port: "The port was run without the initial state.",
      happens: "h_0 is not passed on, or passed in a place that is ignored.",
      mending: [
        ("PyTorch", "rnn(x, h_0); rnn(x, (h_0, c_0)) for an LSTM"),
        ("Keras", "layer(x, initial_state=[…]); forward before backward"), ("ONNX", "initial_h, initial_c"),
      ], unnamed: "its state"),
    MistakeGuide(
      name: "initial-state-direction-swapped", did: "started from the other direction's initial state",
      instead: "Forward comes first.",
      happens: "h_0 is indexed by direction and layer in the wrong order.",
      mending: [
        ("PyTorch", "h_0 is (L·D, B, H), index l · D + d"),
        ("Keras", "a bidirectional LSTM takes [h_f, c_f, h_b, c_b]"),
      ]),
    MistakeGuide(
      name: "initial-state-layer-swapped", did: "started from the initial state of layer %",
      instead: "Each layer has its own.",
      happens: "h_0 is indexed by direction and layer in the wrong order.",
      mending: [("PyTorch", "h_0 is (L·D, B, H), index l · D + d")]),
    MistakeGuide(
      name: "input-time-shifted",
      did: "was fed the input of another timestep (late by %, early where that is negative)",
      instead: "Step t reads x_t.",
      happens: "A start token is put before the sequence, or a loop reads before it advances.",
      mending: [("own code", "check which input the first step reads")], unnamed: "1"),
    MistakeGuide(
      name: "input-halves-swapped", did: "read the halves of the lower layer's output exchanged",
      instead: "The forward half comes first.",
      happens: "The two directions are concatenated backward first.",
      mending: [("all", "a bidirectional output is [forward; backward]")]),
    MistakeGuide(
      name: "layer-input-half", did: "read only the % half of the lower layer's output",
      instead: "It reads both directions, concatenated.",
      happens: "A layer above a bidirectional one is wired to one direction of it.",
      mending: [("all", "a bidirectional output is [forward; backward], D · H wide")]),
    MistakeGuide(
      name: "backward-not-reversed", did: "returned the backward states in processing order",
      instead: "They must be reversed to stand at the input's time.",
      happens: "A layer with go_backwards returns its last input first.",
      mending: [
        ("Keras", "flip the output of go_backwards=True along time; Bidirectional does it by itself"),
        ("own code", "flip within each sequence's length, not within T"),
      ]),
    MistakeGuide(
      name: "lengths-ignored", did: "ran over the padding",
      instead: "Sequences end at their own length, and the backward direction starts there.",
      happens: "A mask is lost, or a batch is not packed.",
      mending: [
        ("PyTorch", "pack_padded_sequence(x, lengths, enforce_sorted=False)"),
        ("Keras", "pass mask=…; a Masking layer's mask is ignored by a layer that gets initial_state"),
        ("ONNX", "sequence_lens"),
      ]),
    MistakeGuide(
      name: "precision", did: "rounded to %", instead: "The file declares a finer precision.",
      happens:
        "A GPU multiplies in TF32 by default; a model was cast to half precision or quantized; or it runs under "
        + "autocast or a mixed policy.",
      mending: [
        ("PyTorch", "torch.backends.cuda.matmul.allow_tf32 = False, torch.backends.cudnn.allow_tf32 = False"),
        ("PyTorch", "record outside torch.autocast"),
        ("Keras", "keras.config.set_dtype_policy(\"float32\") before the layers are made"),
        ("TensorFlow", "tf.config.experimental.enable_tensor_float_32_execution(False)"),
        ("JAX", "jax_default_matmul_precision = 'highest'"),
        ("ONNX", "quantize_dynamic(op_types_to_quantize=…) without the recurrent operator"),
      ]),
  ]
}
