import Testing

@Suite(.timeLimit(.minutes(2))) struct ExplainTests {
  @Test("Without a name every hypothesis is listed, one a line, and each can be explained")
  func list() async throws {
    let parity = try ParityProcess()
    let outcome = try await parity("explain")
    #expect(outcome.status == 0)
    // A name, and what the run did.
    let lines = outcome.output.split(separator: "\n")
    for line in lines { #expect(!line.contains("%") && line.contains("  ")) }
    let names = lines.compactMap { $0.split(separator: " ").first.map(String.init) }
    #expect(Set(names).count == names.count)
    #expect(names.count >= 20)
    // One run for all of them: the parts of a pair are explained one after the other.
    let all = try await parity("explain", names.joined(separator: "+"))
    #expect(all.status == 0)
    let headings = all.output.split(separator: "\n").filter { !$0.hasPrefix(" ") }.map(String.init)
    #expect(headings == names)
  }

  @Test("A hypothesis is told by what the run did, how that happens, and how to mend it in each framework")
  func one() async throws {
    let outcome = try await ParityProcess()("explain", "bias-hh-ignored")
    #expect(outcome.status == 0)
    #expect(
      outcome.output == """
        bias-hh-ignored
          The run did not add bias_hh. In the one-bias formula the bias is bias_ih + bias_hh.
          A port to one bias copies bias_ih and drops bias_hh, or a loader looks for one bias only.
            PyTorch: load bias_hh_l0 beside bias_ih_l0; from a one-bias network it is 0
            Keras: bias = bias_ih + bias_hh; a GRU with reset_after takes both, stacked as (2, 3H)
            ONNX: B is [Wb, Rb]: the recurrent biases are its second half
            Flax: bias = bias_ih + bias_hh, gate by gate; but a GRU's hn/bias is b_hn alone
            MLX: bias = bias_ih + bias_hh; but a GRU's bhn is b_hn alone
            Swift: cell.converted(to: .oneBias) adds the two

        """)
    #expect(outcome.errors == "")
  }

  @Test(
    "A parameter is told as it was given, in words",
    arguments: [
      ("gate-order:zrn", "the three gate blocks of weights and biases to be in the order z, r, n."),
      ("gate-order:ifog@bias", "the four gate blocks of the biases to be in the order i, f, o, g."),
      ("activation:relu", "used the activation relu."), ("input-time-shifted", "1 step later, x[t + 1]."),
      ("input-time-shifted:2", "2 steps earlier, x[t − 2]."),
    ])
  func parameter(_ name: String, _ words: String) async throws {
    let outcome = try await ParityProcess()("explain", name)
    #expect(outcome.status == 0)
    #expect(outcome.firstLine.hasPrefix(name))
    #expect(
      outcome.output.split(separator: "\n").dropFirst().first?.contains(words) ?? false, "\(outcome.output)")
  }

  @Test("A hypothesis without its parameter is explained by an example, and leaves no gap")
  func example() async throws {
    let outcome = try await ParityProcess()("explain", "gate-order")
    #expect(outcome.firstLine == "gate-order, such as gate-order:zrn")
    #expect(outcome.output.contains("in the order z, r, n."))
  }

  @Test(
    "A name that no diagnosis gives is a wrong command line",
    arguments: ["nonsense", "bias-hh-ignored+nonsense", "gate-orders:zrn"])
  func unknown(_ name: String) async throws {
    let outcome = try await ParityProcess()("explain", name)
    #expect(outcome.status == 64)
    let part = try #require(name.split(separator: "+").last)
    #expect(outcome.errors.contains("no hypothesis \"\(part)\"; parity explain lists all"))
  }
}
