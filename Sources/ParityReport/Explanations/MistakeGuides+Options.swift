extension MistakeGuide {
  /// Options of a cell that one side has and the other has not, and what a single gate may lose.
  static let options: [MistakeGuide] = [
    MistakeGuide(
      name: "output-activation", did: "used the activation % for c, in h = o ⊙ f(c)",
      instead:
        "With linear that is h = o ⊙ c: c has no activation. Apply the declared one to c before o multiplies it.",
      happens:
        "A cell written by hand leaves out the tanh of c, or an ONNX node lists three activations per direction.",
      mending: [
        ("PyTorch", "h = o * torch.tanh(c)"), ("Keras", "activation=… is that of g and of c"),
        ("ONNX", "activations=[f, g, h]: the third is that of c"),
      ], example: "output-activation:linear"),
    MistakeGuide(
      name: "proposal-activation", did: "used the activation % for g, and the declared one for c",
      instead: "The file declares one activation for both: c_t = f ⊙ c + i ⊙ f(g), h = o ⊙ f(c).",
      happens: "The activation is changed in one of its two places only.",
      mending: [
        ("PyTorch", "g = torch.tanh(…)"), ("Keras", "activation=… is that of g and of c"),
        (
          "ONNX",
          "activations=[f, g, h]: the second is that of g; declare the third as the layer's output activation"
        ),
      ], example: "proposal-activation:relu"),
    MistakeGuide(
      name: "fast-activations", did: "computed tanh by the approximation %",
      instead: "Use the exact tanh, and σ(x) = 1 / (1 + e⁻ˣ), or accept up to 2e-2 in a state: cubic is "
        + "x (27 + x²) / (27 + 9 x²), pade54 and pade76 are Padé approximants, neural-amp is fast_tanh of "
        + "NeuralAmpModelerCore; \u{201c}with sigmoid\u{201d} is (1 + f(x / 2)) / 2 beside it.",
      happens: "An inference library replaces tanh by a rational function because that is faster.",
      mending: [
        ("NeuralAmpModelerCore", "nam::activations::Activation::disable_fast_tanh()"),
        ("RTNeural", "the default maths provider"), ("own code", "std::tanh"),
      ], example: "fast-activations:cubic"),
    MistakeGuide(
      name: "gate-bias-lost", did: "did not add any bias of gate %",
      instead: "Every gate has its own part of bias_ih and bias_hh: copy it.",
      port: "The port has no bias for that gate.",
      happens: "A cell is written with one Linear layer too few that has a bias, or a slice is left out.",
      mending: [
        ("PyTorch", "bias_ih_l0 and bias_hh_l0 hold H values for each gate"),
        ("Flax", "of GRUCell ir, iz and in have a bias, and hn; of LSTMCell hi, hf, hg and ho"),
      ], example: "gate-bias-lost:f"),
    MistakeGuide(
      name: "gate-recurrent-bias-lost", did: "did not add bias_hh of gate %",
      instead:
        "Add it with the recurrent product; of a GRU's new gate it stands inside r ⊙ (W_hn h + b_hn) and cannot "
        + "be moved to bias_ih.",
      port: "The port has no place for it.",
      happens:
        "A GRU without b_hn, such as Flax NNX's GRUCell, is loaded with the weights of one that has it.",
      mending: [
        ("Flax", "linen.GRUCell has b_hn (hn/bias); nnx.GRUCell has none: train without it, or add it"),
        ("PyTorch", "b_hn is bias_hh_l0[2 * H :]"), ("Keras", "reset_after=True: row 1 of the bias (2, 3H)"),
        ("MLX", "bhn"),
      ], example: "gate-recurrent-bias-lost:n"),
    MistakeGuide(
      name: "gate-input-weights-lost", did: "did not multiply the input by the weights of gate %",
      instead: "Every gate reads x_t: copy the gate's block of weight_ih.",
      port: "The port's weights of that gate are zero.",
      happens: "A slice of the packed weights is not copied, or a layer keeps its initial zeros.",
      mending: [("PyTorch", "weight_ih_l0 is (G · H, I), gate by gate"), ("Keras", "kernel is (I, G · H)")],
      example: "gate-input-weights-lost:i"),
    MistakeGuide(
      name: "gate-recurrent-weights-lost", did: "did not multiply the state by the weights of gate %",
      instead: "Every gate reads h_{t−1}: copy the gate's block of weight_hh.",
      port: "The port's recurrent weights of that gate are zero.",
      happens: "A slice of the packed weights is not copied, or a gate is written to read the input alone.",
      mending: [
        ("PyTorch", "weight_hh_l0 is (G · H, H), gate by gate"), ("Keras", "recurrent_kernel is (H, G · H)"),
      ], example: "gate-recurrent-weights-lost:z"),
    MistakeGuide(
      name: "forget-gate-coupled",
      did: "coupled the gates: f = 1 − i, in place of a forget gate with weights of its own",
      instead: "Compute f from its own weights, or declare the coupling.",
      happens: "The run is of the variant CIFG, and the file does not say so.",
      mending: [
        ("ONNX", "input_forget = 0; if 1 is meant, record it as the layer's option"),
        ("DyNet", "VanillaLSTMBuilder; CoupledLSTMBuilder and the old LSTMBuilder couple"),
        ("own code", "f = sigmoid(W_if x + b_if + W_hf h + b_hf)"),
      ]),
    MistakeGuide(
      name: "input-gate-coupled",
      did: "coupled the gates: i = 1 − f, in place of an input gate with weights of its own",
      instead: "Compute i from its own weights.",
      happens: "The run is of the variant CIFG, and the file does not say so.",
      mending: [
        ("DyNet", "VanillaLSTMBuilder; CoupledLSTMBuilder couples"),
        ("own code", "i = sigmoid(W_ii x + b_ii + W_hi h + b_hi)"),
      ]),
    MistakeGuide(
      name: "input-forget-ignored", did: "computed a forget gate of its own",
      instead: "The file declares input_forget: f = 1 − i.",
      happens: "An engine reads the operator without its attribute input_forget.",
      mending: [
        ("tract", "input_forget is ignored: set f = 1 − i yourself, or export without it"),
        ("ONNX", "input_forget = 1"), ("own code", "f = 1 - i"),
      ]),
    MistakeGuide(
      name: "clip-ignored", did: "did not clip what goes into the activations",
      instead: "The file declares a clip of it.",
      happens: "An engine reads the operator without its attribute clip.",
      mending: [
        ("tract", "clip is ignored: clip the sums yourself, or export without it"),
        ("ONNX", "clip is of the arguments of all activations, not of c"),
        ("own code", "min(max(z, -clip), clip) before each activation"),
      ]),
    MistakeGuide(
      name: "clip", did: "clipped what goes into the activations to ± %",
      instead: "The file declares no clip, or another: take it away, or declare it.",
      happens: "An ONNX operator has the attribute clip, and the file does not say so.",
      mending: [
        (
          "ONNX",
          "without the attribute clip nothing is clipped; if it is meant, record it as the layer's option"
        ),
        ("own code", "do not clip before the activations"),
      ], example: "clip:0.6"),
    MistakeGuide(
      name: "clip-of-output",
      did: "clipped what goes into every activation to ± %, c before h = o ⊙ f(c) too",
      instead: "The file declares no clip, and ONNX Runtime does not clip c.",
      happens:
        "The operator's text has every argument of an activation clipped, and engines differ on that of c.",
      mending: [
        ("ONNX", "ONNX Runtime leaves c as it is: h = o * tanh(c)"), ("own code", "do not clip c"),
      ], example: "clip-of-output:0.6"),
    MistakeGuide(
      name: "cell-clip", did: "clipped c to ± %",
      instead: "The file declares no clip of c: c_t = f ⊙ c + i ⊙ g.",
      happens: "A cell has a limit against exploding states that others do not have.",
      mending: [
        ("TensorFlow 1", "LSTMCell(cell_clip=None)"), ("cuDNN", "cudnnRNNSetClip with CUDNN_RNN_CLIP_NONE"),
        ("own code", "do not clip c"),
      ], example: "cell-clip:0.6"),
    MistakeGuide(
      name: "peepholes-ignored", did: "did not let the gates see c",
      instead: "The file has peepholes: i and f add P ⊙ c_{t−1}, o adds P ⊙ c_t, before the activation.",
      port: "The port has no peepholes.",
      happens: "A cell without peepholes is loaded with the weights of one that has them.",
      mending: [
        ("PyTorch", "torch.nn.LSTM has no peepholes: write the cell"),
        ("TensorFlow 1", "LSTMCell(use_peepholes=True)"),
        ("ONNX", "the operator's eighth input, P: [P_i, P_o, P_f]"),
      ]),
    MistakeGuide(
      name: "peepholes-reordered", did: "used the three stored blocks of peepholes as %",
      instead: "They are stored as ONNX's operator has them: i, o, f.",
      happens: "The peepholes are packed, or read, in the order of the gates of another framework.",
      mending: [
        ("ONNX", "P is [P_i, P_o, P_f]"),
        ("TensorFlow 1", "w_i_diag, w_f_diag, w_o_diag: copy each by its name"),
      ], example: "peepholes-reordered:ifo"),
    MistakeGuide(
      name: "peepholes-after-activation",
      did: "added the peepholes after the activation of the gate, not before: %",
      instead: "Add them before it: σ(W x + R h + P ⊙ c + b). Gates beyond (0, 1) are the symptom.",
      happens: "The peephole is added in a line of its own that comes one line too late.",
      mending: [
        ("Lasagne", "LSTMLayer adds them before the nonlinearity"), ("own code", "o = sigmoid(z + P * c)"),
      ], example: "peepholes-after-activation:o"),
    MistakeGuide(
      name: "peepholes-undeclared",
      did: "let the gates see c, by peepholes that the file does not have: %",
      instead: "Record the peepholes with the other weights, or run both sides without them.",
      port: "The port has peepholes.",
      happens: "A cell with peepholes is compared with one without, or its exporter leaves them out.",
      mending: [
        ("PyTorch", "torch.nn.LSTM has no peepholes: write the cell"),
        ("TensorFlow 1", "LSTMCell(use_peepholes=False)"),
        ("ONNX", "the operator's eighth input, P: [P_i, P_o, P_f]"),
        ("Lasagne", "LSTMLayer(…, peepholes=False)"),
      ], example: "peepholes-undeclared:before the activations"),
    MistakeGuide(
      name: "zoneout",
      did: "kept a share of the old state in every step: zoneout %, h_t = p h_{t−1} + (1 − p) h′",
      instead:
        "It belongs to training; the network that is compared has none: set it to 0, or apply it on both sides.",
      happens: "Zoneout at inference is its expectation, not nothing, and the other side does not have it.",
      mending: [
        ("haste", "LSTM(…, zoneout=0.0), or export h_t with the same blend"),
        ("own code", "h = p * h_prev + (1 - p) * h_new, if it is meant"),
      ], example: "zoneout:0.1"),
  ]
}
