extension MistakeGuide {
  /// What is right but for its place.
  static let permutations: [MistakeGuide] = [
    MistakeGuide(
      name: "initial-states-exchanged", did: "started with the initial h and c in each other's place",
      instead: "Give it h_0 as h and c_0 as c.",
      happens: "TensorFlow 1's state tuple is (c, h), PyTorch's and Keras's are (h, c).",
      mending: [
        ("PyTorch", "rnn(x, (h_0, c_0))"), ("Keras", "initial_state=[h, c]"),
        ("TensorFlow 1", "LSTMStateTuple(c, h)"), ("ONNX", "initial_h is input 5, initial_c input 6"),
      ]),
    MistakeGuide(
      name: "initial-state-rows", did: "started each sequence from another sequence's initial state (%)",
      instead: "Put the rows of the initial state in the same order as the sequences of the batch.",
      happens: "A batch is sorted by length for packing, or reordered, and its initial state is not.",
      mending: [
        ("PyTorch", "pack with enforce_sorted=False, or index h_0 with the same permutation: h_0[:, order]"),
        ("own code", "permute inputs, lengths and states with one index"),
      ], example: "initial-state-rows:reversed"),
    MistakeGuide(
      name: "initial-state-layout",
      did: "took the initial states from an array laid out as (%, H), but read in the other order",
      instead: "Transpose the array of initial states; a reshape leaves the values where they are.",
      happens: "The stacked states are given batch first, or reshaped where they should be transposed.",
      mending: [
        ("PyTorch", "h_0 is (L·D, B, H), even where batch_first=True: h_0.transpose(0, 1).contiguous()"),
        ("ONNX", "initial_h is (D, B, H) where layout is 0, (B, D, H) where it is 1"),
      ], example: "initial-state-layout:B, D"),
    MistakeGuide(
      name: "weights-of", did: "used weights or biases of layer %",
      instead: "Load each layer's and each direction's own.",
      port: "The port holds another layer's or direction's there.",
      happens:
        "Weights are loaded by position in a flat list that goes through layers and directions in another order.",
      mending: [
        ("PyTorch", "flat order: l0, l0_reverse, l1, l1_reverse, …; load by name"),
        ("Keras", "a Bidirectional's get_weights() are the forward's, then the backward's"),
        ("ONNX", "one node a layer; index 0 of W, R and B is forward, 1 is reverse"),
      ], example: "weights-of:0 backward"),
    MistakeGuide(
      name: "gate-blocks-cut", did: "cut the packed gates at multiples of the input's width, %",
      instead: "Each gate's block is H rows high, whatever I is.",
      port: "The port cut them so when it was made.",
      happens: "The two sizes are exchanged in the code that splits weights, which shows only where I ≠ H.",
      mending: [("own code", "split weights and biases along their first axis at multiples of H")],
      example: "gate-blocks-cut:4"),
    MistakeGuide(
      name: "units-interleaved",
      did: "returned the units of its two directions alternately, f₀ b₀ f₁ b₁ …",
      instead: "Concatenate the directions along the last axis: all forward units, then all backward ones.",
      happens: "Stacked outputs (T, B, H, D) are reshaped without a transposition.",
      mending: [
        ("own code", "transpose (T, B, H, D) to (T, B, D, H) before reshaping to (T, B, D·H)"),
        ("ONNX", "Y is (T, D, B, H): transpose to (T, B, D, H), then reshape"),
      ]),
    MistakeGuide(
      name: "units-permuted", did: "returned its units %",
      instead: "Unit k of a state is row k of every gate's weights: put the record into that order.",
      happens:
        "An output is rolled along the wrong axis, sorted, or taken apart and put together in another order.",
      mending: [
        ("NumPy", "np.roll needs its axis: time is 0, units are the last"),
        ("own code", "index units with the inverse permutation, or leave them where they are"),
      ], example: "units-permuted:rotated by 1"),
    MistakeGuide(
      name: "final-state-of", did: "returned % as its final state",
      instead: "A pass ends with its own last state in processing order: a backward one at t = 0.",
      happens:
        "The last row of an output is taken for both directions, or stacked final states are cut in another order.",
      mending: [
        ("PyTorch", "h_n is (L·D, B, H), index l · D + d; output[-1] is no h_n"),
        ("Keras", "a bidirectional LSTM returns output, h_f, c_f, h_b, c_b"),
        ("ONNX", "Y_h is (D, B, H), one a node"),
      ], example: "final-state-of:its last c"),
    MistakeGuide(
      name: "output-axes-exchanged", did: "returned its output with time and batch exchanged",
      instead: "Transpose the output back: its axes are what the input's are.",
      happens: "The input is transposed, and the output not back; with T = B no shape shows it.",
      mending: [
        ("PyTorch", "batch_first=True concerns input and output alike: no transpose(0, 1) beside it"),
        ("own code", "try a batch whose size is not the number of timesteps"),
      ]),
    MistakeGuide(
      name: "ran-along-batch", did: "ran along the batch instead of along time",
      instead: "Exchange the first two axes of the input, or say which of them is time.",
      happens: "A batch-first array is given to a time-major module; with T = B no shape shows it.",
      mending: [
        ("PyTorch", "batch_first=True, or x.transpose(0, 1)"), ("ONNX", "X is (T, B, I) where layout is 0"),
        ("TensorFlow 1", "time_major=…"),
      ]),
  ]
}
