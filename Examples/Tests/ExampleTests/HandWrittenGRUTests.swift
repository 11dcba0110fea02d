import Networks
import ParityTesting
import Testing

@Test func gruIsThatOfPyTorch() {
  expectParity(
    withFixtureAt: fixtures + "simplegru.h5", reference: "pytorch",
    of: .pass(Float.self) { pass in
      let gru = try HandWrittenGRU(
        weightIH: pass.weights["weight_ih"].values, weightHH: pass.weights["weight_hh"].values,
        biasIH: pass.weights["bias_ih"].values, biasHH: pass.weights["bias_hh"].values)
      return .states(h: gru.run(pass.input.values, batch: pass.batch, from: pass.initialState.h.values))
    })
}

/// Keras packs a GRU's gates as z, r, h and PyTorch as r, z, n: what reads one as the other runs, and is wrong.
@Test func gatesInTheOrderOfKerasAreNamed() {
  let failure = #expect(throws: ParityFailure.self) {
    try requireParity(
      withFixtureAt: fixtures + "simplegru.h5", reference: "pytorch",
      of: .pass(Float.self) { pass in
        let gru = try HandWrittenGRU(
          weightIH: pass.weights["weight_ih"].values, weightHH: pass.weights["weight_hh"].values,
          biasIH: pass.weights["bias_ih"].values, biasHH: pass.weights["bias_hh"].values, gates: [1, 0, 2])
        return .states(h: gru.run(pass.input.values, batch: pass.batch, from: pass.initialState.h.values))
      })
  }
  #expect(
    failure?.description.contains("in the order z, r, n") == true, "\(failure?.description ?? "no failure")")
}
