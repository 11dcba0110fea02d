extension MistakeGuide {
  /// How passes are put together.
  static let outputs: [MistakeGuide] = [
    MistakeGuide(
      name: "merge-mode", did: "merged the two directions by %",
      instead: "Declare the merge mode that the run uses, or run the one that is declared.",
      port: "The port merges the two directions another way.",
      happens: "A bidirectional layer's merge mode is left at the framework's default, or lost on the way.",
      mending: [
        ("Keras", "Bidirectional(…, merge_mode='concat' | 'sum' | 'ave' | 'mul'); the default is 'concat'"),
        ("PyTorch", "nn.RNN, nn.GRU and nn.LSTM only concatenate: sum or average the halves of the output"),
      ]),
    MistakeGuide(
      name: "units-interleaved",
      did: "laid the units of the two directions out by turns, f0 b0 f1 b1 …, before it handed them on",
      instead: "A bidirectional output is the forward half, then the backward half.",
      port: "The port concatenates along another axis, or reshapes (H, D) for (D, H).",
      happens: "The two outputs are stacked along a new last axis and flattened.",
      mending: [
        ("PyTorch", "torch.cat([forward, backward], dim=-1), not torch.stack(…, -1).flatten(-2)"),
        ("Keras", "keras.layers.Concatenate(axis=-1)([forward, backward])"),
        ("ONNX", "Y is (T, D, B, H): Transpose to (T, B, D, H), then Reshape to (T, B, D * H)"),
      ]),
    MistakeGuide(
      name: "final-state-row",
      did: "took the last row of the output for the backward direction's final state",
      instead: "The backward pass ends at the first timestep: its final state is row 0.",
      port: "The port returns the state after the backward pass's first step, not after its last.",
      happens: "output[-1] is taken for h_n, which is right for the forward half alone.",
      mending: [
        ("PyTorch", "use h_n, or torch.cat([output[-1, :, :H], output[0, :, H:]], -1)"),
        ("Keras", "return_state=True, or output[:, 0, H:] for the backward half"),
      ]),
    MistakeGuide(
      name: "final-states-exchanged", did: "returned each direction's final state as the other's",
      instead: "The forward direction's comes first.",
      port: "The port holds the two final states in each other's place.",
      happens: "h_n is indexed, or stacked, with the directions in the other order.",
      mending: [
        ("PyTorch", "h_n is (L * D, B, H), index l * D + d, forward first"),
        ("ONNX", "Y_h is (D, B, H), forward first"),
      ]),
    MistakeGuide(
      name: "final-state-of", did: "returned the final state of layer % as this one's",
      instead: "Each layer and direction has its own.",
      port: "The port stacks, or reads, the final states in another order.",
      happens:
        "h_n of a stacked bidirectional network is read with layers and directions in the wrong order.",
      mending: [
        ("PyTorch", "h_n is (L * D, B, H), index l * D + d: h_n.view(L, D, B, H)"),
        ("ONNX", "each layer is a node of its own, whose Y_h is (D, B, H)"),
      ]),
  ]
}
