import Testing

@Suite(.timeLimit(.minutes(2))) struct FormulasTests {
  @Test("Each convention's formula, gate order, shapes and biases are printed, and every statement holds")
  func sheet() async throws {
    let outcome = try await ParityProcess()("formulas")
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    let lines = outcome.output.split(separator: "\n").map(String.init)
    for kind in ["rnn", "gru", "lstm"] {
      for convention in ["pytorch", "keras", "onnx", "flax", "mlx"] {
        #expect(lines.contains("\(kind), \(convention)"))
      }
    }
    #expect(outcome.output.contains("gru, pytorch\n  r_t = σ(W_ir x_t + b_ir + W_hr h_{t−1} + b_hr)\n"))
    // The gate orders, in the order in which they are printed: GRU, then LSTM, by convention.
    #expect(
      lines.filter { $0.hasPrefix("  gate order") }.map { $0.dropFirst(14) } == [
        "r, z, n", "z, r, h", "z, r, h", "r, z, n", "r, z, n",
        "i, f, g, o", "i, f, c, o", "i, o, f, c", "i, f, g, o", "i, f, g, o",
      ])
    #expect(lines.contains("  weights     weight_ih (3H, I) = [W_ir; W_iz; W_in]"))
    #expect(lines.contains("  biases      bias (2, 3H) = [b_z, b_r, b_h; b′_z, b′_r, b′_h]"))
    #expect(lines.contains { $0.hasPrefix("yes   lstm: onnx as printed, peepholes ") })
    #expect(
      lines.contains { $0.hasPrefix("yes   gru: b_hn moved into b_in ") && $0.contains("another function") })
    #expect(
      lines.contains { $0.hasPrefix("yes   lstm: keras to pytorch ") && $0.contains("the same function") })
    #expect(!lines.contains { $0.hasPrefix("NO ") })
    #expect(lines.count { $0.hasPrefix("yes ") } >= 20)
  }

  @Test("An argument is a wrong command line")
  func usage() async throws {
    #expect(try await ParityProcess()("formulas", "gru").status == 64)
  }
}
