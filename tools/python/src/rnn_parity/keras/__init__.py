"""Recording from Keras 3 and tf_keras 2. See `record_keras` in `rnn_parity`."""
