import Networks
import ParityTesting

/// The bundled fixtures of rnn-parity.
let fixtures = #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined() + "/Fixtures/"
let gru = fixtures + "simplegru.h5"
let lostBias = fixtures + "departures/port-bias-hh-dropped.h5"

/// Reads PyTorch's gates in the order of Keras.
var gatesOfKeras: Implementation<Float> {
  .pass(Float.self) { pass in
    let weights = pass.weights
    let gru = try HandWrittenGRU(
      weightIH: try weights["weight_ih"].values, weightHH: weights["weight_hh"].values,
      biasIH: weights["bias_ih"].values, biasHH: weights["bias_hh"].values, gates: [1, 0, 2])
    return .states(h: gru.run(pass.input.values, batch: pass.batch, from: pass.initialState.h.values))
  }
}

/// One state is not a number.
var notANumber: Implementation<Float> {
  .pass(Float.self) { pass in
    let gru = try HandWrittenGRU(
      weightIH: pass.weights["weight_ih"].values, weightHH: pass.weights["weight_hh"].values,
      biasIH: pass.weights["bias_ih"].values, biasHH: pass.weights["bias_hh"].values)
    var h = gru.run(pass.input.values, batch: pass.batch, from: pass.initialState.h.values)
    h[h.count - 1] = .nan
    return .states(h: h)
  }
}
