extension MistakeGuide {
  /// Every hypothesis, in the order in which they are tried.
  public static let all: [MistakeGuide] =
    biases + weights + formulas + runs + permutations + states + inputs + options + storage + outputs
    + precisions

  private static let biases: [MistakeGuide] = [
    MistakeGuide(
      name: "bias-hh-ignored", did: "did not add bias_hh",
      instead: "In the one-bias formula the bias is bias_ih + bias_hh.",
      port: "The port's bias holds bias_ih alone.",
      happens: "A port to one bias copies bias_ih and drops bias_hh, or a loader looks for one bias only.",
      mending: [
        ("PyTorch", "load bias_hh_l0 beside bias_ih_l0; from a one-bias network it is 0"),
        ("Keras", "bias = bias_ih + bias_hh; a GRU with reset_after takes both, stacked as (2, 3H)"),
        ("ONNX", "B is [Wb, Rb]: the recurrent biases are its second half"),
        ("Flax", "bias = bias_ih + bias_hh, gate by gate; but a GRU's hn/bias is b_hn alone"),
        ("MLX", "bias = bias_ih + bias_hh; but a GRU's bhn is b_hn alone"),
        ("Swift", "cell.converted(to: .oneBias) adds the two"),
      ]),
    MistakeGuide(
      name: "bias-ih-ignored", did: "did not add bias_ih",
      instead: "The formula adds it with the input product.",
      port: "The port's bias holds bias_hh alone.",
      happens: "A bias is looked up under another name, or the input projection is done without one.",
      mending: [
        ("PyTorch", "load bias_ih and bias_hh both; neither may stay at its initial value"),
        ("Keras", "set use_bias=True and load the layer's bias"),
        ("ONNX", "B is [Wb, Rb]: the input's biases are its first half"),
        ("Flax", "load the layer's bias: that of i, ir, iz, in, or of an LSTM hi, hf, hg, ho"),
        ("MLX", "bias=True, and load bias (of a GRU b)"),
        ("Swift", "set biasIH of every gate"),
      ]),
    MistakeGuide(
      name: "bias-doubled", did: "added every bias twice", instead: "Each bias is added once.",
      port: "The port holds every bias twice over.",
      happens: "The sum bias_ih + bias_hh is stored in both places, or a merged bias is added again.",
      mending: [
        ("PyTorch", "from a one-bias network: bias_ih = bias, bias_hh = 0"),
        ("Keras", "bias = bias_ih + bias_hh, once; from another one-bias network as it is"),
        ("ONNX", "from a one-bias network: Wb = bias, Rb = 0"),
        ("Flax", "from another one-bias network: bias as it is"),
        ("MLX", "from another one-bias network: bias as it is"),
        ("Swift", "biasIH = bias, biasHH = nil"),
      ]),
    MistakeGuide(
      name: "biases-swapped", did: "exchanged bias_ih and bias_hh",
      instead: "In a GRU that resets after the product the two are not interchangeable.",
      port: "The port holds the two biases in each other's place.",
      happens: "The rows of a Keras GRU's bias (2, 3H) are read in the wrong order.",
      mending: [
        ("PyTorch", "bias_ih_l0 is the input's, bias_hh_l0 the recurrent one"),
        ("Keras", "bias = stack([bias_ih, bias_hh]): row 0 is the input's, row 1 the recurrent one"),
        ("ONNX", "B is [Wb, Rb]: the input's biases come first"),
        ("Flax", "in/bias is b_in, hn/bias is b_hn"), ("MLX", "b holds b_in, bhn holds b_hn"),
        ("Swift", "biasIH stands beside the input product, biasHH beside the recurrent one"),
      ]),
    MistakeGuide(
      name: "forget-bias-added", did: "added 1 to the forget gate's bias",
      instead: "The stored bias already holds whatever the training framework added.",
      port: "The port's forget bias holds 1 too much.",
      happens: "unit_forget_bias or forget_bias=1 is applied to loaded weights as if they were fresh.",
      mending: [
        ("PyTorch", "load the forget gate's bias as it is stored: nothing is added to it"),
        ("Keras", "unit_forget_bias only initialises: load weights after the layer is built"),
        ("ONNX", "B holds the forget gate's bias as it is stored: nothing is added to it"),
        ("TensorFlow 1", "rnn cells add forget_bias at run time: set it to 0, or take 1 off the stored bias"),
        ("Flax", "load the bias of hf as it is stored"), ("MLX", "load bias as it is stored"),
        ("Swift", "load the forget gate's bias as it is stored"),
      ]),
    MistakeGuide(
      name: "recurrent-bias-merged", did: "merged b_hn into b_in",
      instead: "b_hn stands inside r ⊙ (W_hn h + b_hn) and cannot be moved.",
      port: "The port's input bias holds the sum, and its recurrent bias none.",
      happens: "bias_ih + bias_hh is taken for all gates of a GRU, as it may be for the other two.",
      mending: [
        ("PyTorch", "keep bias_hh_l0 beside bias_ih_l0"),
        ("Keras", "reset_after=True, bias = stack([bias_ih, bias_hh])"),
        ("ONNX", "linear_before_reset = 1, and b_hn in the second half of B"),
        ("Flax", "linen's hn/bias is b_hn; nnx.GRUCell has none there and cannot hold these weights"),
        ("MLX", "b holds b_in, bhn holds b_hn"),
        ("Swift", "keep biasHH of the new gate: cell.converted(to: .oneBias) does"),
      ]),
  ]

  private static let weights: [MistakeGuide] = [
    MistakeGuide(
      name: "recurrent-weights-transposed", did: "used the recurrent weights transposed",
      instead: "PyTorch multiplies x @ Wᵀ, Keras x @ W.",
      port: "The port's recurrent weights are transposed once too often, or once too few.",
      happens: "weight_hh is square, so a missing or doubled transposition goes unnoticed.",
      mending: [
        ("PyTorch", "weight_hh = recurrent_kernelᵀ"), ("Keras", "recurrent_kernel = weight_hhᵀ"),
        ("ONNX", "R = weight_hh, not transposed"),
        ("Flax", "the kernel of each hidden gate is its block of weight_hhᵀ"),
        ("MLX", "Wh = weight_hh, not transposed"), ("Swift", "weightHH is (H, H) as in PyTorch"),
      ]),
    MistakeGuide(
      name: "input-weights-transposed", did: "used the input weights transposed",
      instead: "PyTorch multiplies x @ Wᵀ, Keras x @ W.",
      port: "The port's input weights are transposed once too often, or once too few.",
      happens: "With as many inputs as units the shape does not show it.",
      mending: [
        ("PyTorch", "weight_ih = kernelᵀ"), ("Keras", "kernel = weight_ihᵀ"),
        ("ONNX", "W = weight_ih, not transposed"),
        ("Flax", "the kernel of each input gate is its block of weight_ihᵀ"),
        ("MLX", "Wx = weight_ih, not transposed"), ("Swift", "weightIH is (H, I) as in PyTorch"),
      ]),
    MistakeGuide(
      name: "weights-swapped", did: "exchanged the input and the recurrent weights",
      instead: "weight_ih multiplies x_t, weight_hh multiplies h_{t−1}.",
      port: "The port holds the two weights in each other's place.",
      happens: "Weights are loaded by position, and with I = H both have one shape.",
      mending: [
        ("PyTorch", "load by name: weight_ih_l0, weight_hh_l0"),
        ("Keras", "get_weights() is kernel, recurrent_kernel, bias"),
        ("ONNX", "W is the input's, R the recurrent one"), ("Flax", "i… reads the input, h… the state"),
        ("MLX", "Wx is the input's, Wh the recurrent one"),
        ("Swift", "weightIH is the input's, weightHH the recurrent one"),
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
        ("Flax", "Bidirectional(forward_rnn, backward_rnn)"),
        ("Swift", "passes are forward, then backward"),
      ]),
    MistakeGuide(
      name: "gate-order", did: "took the gate blocks to be in the order %",
      instead: "The blocks must be reordered between frameworks.",
      port: "The port's gate blocks are in the wrong places.",
      happens:
        "Packed weights are copied as they are into a framework with another gate order, or only some of "
        + "them are reordered.",
      mending: [
        ("PyTorch", "GRU r, z, n; LSTM i, f, g, o"), ("Keras", "GRU z, r, h; LSTM i, f, c, o"),
        ("ONNX", "GRU z, r, h; LSTM i, o, f, c"), ("MLX", "GRU r, z, n; LSTM i, f, g, o"),
        ("Flax", "one layer a gate: ir, iz, in and hr, hz, hn; ii, if, ig, io and hi, hf, hg, ho"),
        ("DL4J", "LSTM c, f, o, i"), ("TensorFlow 1", "BlockLSTM i, c, f, o"),
        ("Swift", "name the gates: reset:update:new:, input:forget:cell:output:"),
      ], example: "gate-order:zrn"),
  ]

  private static let formulas: [MistakeGuide] = [
    MistakeGuide(
      name: "reset-before", did: "applied the reset gate before the recurrent product",
      instead: "The file declares reset_after: r ⊙ (W_hn h + b_hn).",
      port: "The port is of the other variant.",
      happens: "The GRU variant of the original paper is run with weights of the cuDNN variant.",
      mending: [
        ("Keras", "reset_after=True"), ("ONNX", "linear_before_reset = 1"),
        ("PyTorch", "always resets after: weights of the other variant cannot be carried over"),
        ("Flax", "GRUCell always resets after"), ("MLX", "GRU always resets after"),
        ("Swift", "resetAfter: true"),
      ]),
    MistakeGuide(
      name: "reset-after", did: "applied the reset gate after the recurrent product",
      instead: "The file declares reset_after false: W_hn (r ⊙ h).",
      port: "The port is of the other variant.",
      happens: "The cuDNN variant of the GRU is run with weights of the original one.",
      mending: [
        ("Keras", "reset_after=False"), ("ONNX", "linear_before_reset = 0"),
        ("PyTorch", "always resets after: write the cell out, or keep the weights where they are"),
        ("Flax", "GRUCell always resets after: write the cell out"),
        ("MLX", "GRU always resets after: write the cell out"), ("Swift", "resetAfter: false"),
      ]),
    MistakeGuide(
      name: "update-gate-inverted", did: "let the update gate take the new state, z n + (1 − z) h",
      instead: "The frameworks' gate keeps the old one: (1 − z) n + z h.",
      happens: "A paper's notation with z and 1 − z exchanged is implemented with a framework's weights.",
      mending: [
        ("own code", "exchange z and 1 − z, or negate the update gate's weights and biases"),
        ("Swift", "blend: .updateKeeps"),
      ]),
    MistakeGuide(
      name: "activation", did: "used the activation %", instead: "The file declares another function.",
      happens: "A layer is built with its default activation, or the attribute is lost on the way.",
      mending: [
        ("PyTorch", "nn.RNN(nonlinearity='tanh' or 'relu'); LSTM and GRU have tanh and no other"),
        ("Keras", "activation=…"), ("ONNX", "activations=[…]: f; of a GRU f, g; of an LSTM f, g, h"),
        ("Flax", "activation_fn=…"), ("MLX", "nn.RNN(nonlinearity=…); LSTM and GRU have tanh and no other"),
        ("Swift", "activation: …"),
      ], example: "activation:relu"),
    MistakeGuide(
      name: "recurrent-activation", did: "used the recurrent activation %",
      instead: "The file declares another function.",
      happens:
        "hard_sigmoid, 0.2 x + 0.5, was Keras's default before 2.3.0, and Keras 3's function of that name is "
        + "another; or an attribute such as ONNX's activations is lost on the way.",
      mending: [
        ("PyTorch", "LSTM and GRU have the sigmoid and no other: write the cell out"),
        ("Keras", "recurrent_activation='sigmoid'; Keras 3's hard_sigmoid is relu6(x + 3) / 6"),
        (
          "ONNX",
          "activations[0] of each direction: Sigmoid, or HardSigmoid with activation_alpha 0.2 and "
            + "activation_beta 0.5 as in Keras 2, 1/6 and 0.5 as in Keras 3"
        ),
        ("Flax", "gate_fn=…"), ("MLX", "LSTM and GRU have the sigmoid and no other: write the cell out"),
        ("Swift", "recurrentActivation: …"),
        ("own code", "Keras 2's hard_sigmoid is clip(0.2 x + 0.5, 0, 1)"),
      ], example: "recurrent-activation:hard_sigmoid"),
  ]

  private static let runs: [MistakeGuide] = [
    MistakeGuide(
      name: "initial-state-ignored", did: "started % from zeros",
      instead: "The file has an initial state.",
      port: "The port was run without the initial state.",
      happens: "h_0 is not passed on, or passed in a place that is ignored.",
      mending: [
        ("PyTorch", "rnn(x, h_0); rnn(x, (h_0, c_0)) for an LSTM"),
        ("Keras", "layer(x, initial_state=[…]); forward before backward"), ("ONNX", "initial_h, initial_c"),
        ("Flax", "RNN(cell)(x, initial_carry=…)"), ("MLX", "rnn(x, hidden); lstm(x, hidden, cell)"),
        ("Swift", "Pass(initialState: …)"),
      ], unnamed: "its state"),
    MistakeGuide(
      name: "initial-state-direction-swapped", did: "started from the other direction's initial state",
      instead: "Each direction has its own, and forward comes first.",
      happens: "h_0 is indexed by direction and layer in the wrong order.",
      mending: [
        ("PyTorch", "h_0 is (L·D, B, H), index l · D + d"),
        ("Keras", "a bidirectional LSTM takes [h_f, c_f, h_b, c_b]"),
        ("ONNX", "initial_h is (D, B, H): index 0 is forward, 1 is reverse"),
      ]),
    MistakeGuide(
      name: "initial-state-layer-swapped", did: "started from the initial state of layer %",
      instead: "Each layer has its own.",
      happens: "h_0 is indexed by direction and layer in the wrong order.",
      mending: [
        ("PyTorch", "h_0 is (L·D, B, H), index l · D + d"),
        ("Keras", "each layer's call gets its own initial_state"),
        ("ONNX", "each operator has its own initial_h"),
      ], example: "initial-state-layer-swapped:0"),
    MistakeGuide(
      name: "input-time-shifted",
      did: "was fed the input of another timestep (late by %, early where that is negative)",
      instead: "Step t reads x_t.",
      happens: "A start token is put before the sequence, or a loop reads before it advances.",
      mending: [("own code", "check which input the first step reads")], unnamed: "1",
      example: "input-time-shifted:-1"),
    MistakeGuide(
      name: "input-halves-swapped", did: "read the halves of the lower layer's output exchanged",
      instead: "The forward half comes first.",
      happens: "The two directions are concatenated backward first.",
      mending: [("all", "a bidirectional output is [forward; backward]")]),
    MistakeGuide(
      name: "layer-input-half", did: "read only the % half of the lower layer's output",
      instead: "It reads both directions, concatenated.",
      happens: "A layer above a bidirectional one is wired to one direction of it.",
      mending: [("all", "a bidirectional output is [forward; backward], D · H wide")],
      example: "layer-input-half:forward"),
    MistakeGuide(
      name: "backward-not-reversed", did: "returned the backward states in processing order",
      instead: "They must be reversed to stand at the input's time.",
      happens: "A layer with go_backwards returns its last input first.",
      mending: [
        ("Keras", "flip the output of go_backwards=True along time; Bidirectional does it by itself"),
        ("Flax", "RNN(cell, reverse=True, keep_order=True)"),
        ("own code", "flip within each sequence's length, not within T"),
      ]),
    MistakeGuide(
      name: "lengths-ignored", did: "ran over the padding",
      instead: "Sequences end at their own length, and the backward direction starts there.",
      happens: "A mask is lost, or a batch is not packed.",
      mending: [
        ("PyTorch", "pack_padded_sequence(x, lengths, enforce_sorted=False)"),
        ("Keras", "pass mask=…; a Masking layer's mask is ignored by a layer that gets initial_state"),
        ("ONNX", "sequence_lens"), ("Flax", "RNN(cell)(x, seq_lengths=…)"),
      ]),
  ]

  private static let precisions: [MistakeGuide] = [
    MistakeGuide(
      name: "precision:int8", did: "quantized its products to int8",
      instead: "The file declares a finer precision.",
      happens: "A model was quantized dynamically: weights once, each operand of a product when it comes.",
      mending: [
        ("PyTorch", "record the model before quantize_dynamic; or leave the module out of its qconfig_spec"),
        ("ONNX", "quantize_dynamic(op_types_to_quantize=…) without the recurrent operator"),
        ("TensorFlow", "TFLite: convert without optimizations=[Optimize.DEFAULT]"),
      ]),
    MistakeGuide(
      name: "precision", did: "rounded to %", instead: "The file declares a finer precision.",
      happens:
        "A GPU multiplies in TF32 by default; a model was cast to half precision; or it runs under autocast or a "
        + "mixed policy.",
      mending: [
        ("PyTorch", "torch.backends.cuda.matmul.allow_tf32 = False, torch.backends.cudnn.allow_tf32 = False"),
        ("PyTorch", "record outside torch.autocast"),
        ("Keras", "keras.config.set_dtype_policy(\"float32\") before the layers are made"),
        ("TensorFlow", "tf.config.experimental.enable_tensor_float_32_execution(False)"),
        ("JAX", "jax_default_matmul_precision = 'highest'"),
      ], example: "precision:bfloat16"),
  ]
}
