import Testing

@Suite(.timeLimit(.minutes(2))) struct ExplainTests {
  @Test("Without a name every hypothesis is listed, one a line, and each can be explained")
  func list() async throws {
    let parity = try ParityProcess()
    let outcome = try await parity("explain")
    #expect(outcome.status == 0)
    let names = outcome.output.split(separator: "\n").map(String.init)
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
            Keras: bias = bias_ih + bias_hh; a GRU with reset_after takes both, stacked as (2, 3H)
            ONNX: B is [Wb, Rb]: the recurrent biases are its second half

        """)
    #expect(outcome.errors == "")
  }

  @Test("A parameter is told as it was given", arguments: ["gate-order:zrn", "activation:relu"])
  func parameter(_ name: String) async throws {
    let outcome = try await ParityProcess()("explain", name)
    #expect(outcome.status == 0)
    #expect(outcome.firstLine == name)
    let parameter = try #require(name.split(separator: ":").last)
    #expect(outcome.output.split(separator: "\n").dropFirst().first?.contains(parameter) ?? false)
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
