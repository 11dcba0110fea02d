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
      ], example: "merge-mode:sum")
  ]
}
