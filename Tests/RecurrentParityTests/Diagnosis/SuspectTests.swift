import BundledCases
import Recurrent
import Testing

@testable import ParityReport
@testable import RecurrentParity

/// Real runs beside a file that declares one parameter wrongly.
@Suite struct SuspectTests {
  fileprivate static let unit = 3
  fileprivate static let factor = 1
  fileprivate static let error = 0.25

  @Test(
    "One wrong parameter of any kind is named, with the value that the run had",
    arguments: ["simplernn-tanh", "birnn-relu", "simplegru", "simplelstm", "stackedbilstm-ragged"])
  func named(_ name: String) throws {
    let original = try bundled(name)
    for address in original.passAddresses where address.layer == 0 {
      for gate in original[address].cell.gates {
        for term in terms(of: gate.kind, in: original[address].cell) {
          let changed = original.changing { $0.misdeclare(term, gate.kind, at: address) }
          let found = suspects(changed, address)
          let suspect = try #require(found.first, "\(address) \(gate.kind) \(term)")
          #expect(found.count == 1)
          #expect((suspect.gate, suspect.unit) == (gate.kind, Self.unit))
          #expect(suspect.term == term)
          // With the right value every state is within 4 σ, σ ≈ u S < 1e-6, and a parameter's effect on its unit
          // is more than 0.01 somewhere: 4e-4 at most.
          #expect((suspect.declared - suspect.implied - Self.error).magnitude < 4e-4)
        }
      }
    }
  }

  @Test("The report says which it is, in the convention's own words")
  func reported() throws {
    let address = PassAddress(reference: 0, layer: 0, pass: 0)
    let original = try bundled("simplegru")
    let changed = original.changing { $0.misdeclare(.state(Self.factor), .new, at: address) }
    let judgement = try #require(changed.judged().references.first)
    #expect(judgement.reference.convention == .keras)
    let findings = try #require(judgement.passes.first).judgement.findings
    let words = FindingWords(convention: judgement.reference.convention)
    let told = "one parameter accounts for all of it: unit 3's recurrent weight from unit 1 in gate h: "
    #expect(words.notes(findings).contains { $0.hasPrefix(told) })
  }

  @Test(
    "Two wrong parameters of a unit are not taken for one", arguments: ["simplernn-tanh", "simplelstm"])
  func two(_ name: String) throws {
    let original = try bundled(name)
    for address in original.passAddresses {
      let gate = try #require(original[address].cell.gates.first).kind
      let changed = original.changing {
        $0.misdeclare(.input(0), gate, at: address)
        $0.misdeclare(.state(2), gate, at: address)
      }
      #expect(suspects(changed, address).isEmpty)
    }
  }

  @Test(
    "A spike is not taken for a wrong parameter", arguments: ["simplernn-tanh", "simplegru", "simplelstm"])
  func spike(_ name: String) throws {
    let original = try bundled(name)
    for address in original.passAddresses {
      let changed = original.changing { $0.spike(address, t: 11, b: 1, unit: 2, by: 0.01, inOutput: false) }
      #expect(suspects(changed, address).isEmpty)
    }
  }

  @Test("A unit of c beyond the width of a projected h is judged like any other, and no parameter is named")
  func projected() throws {
    let original = try bundled("stackedlstm-projection")
    for address in original.passAddresses {
      let changed = original.changing { parityCase in
        let (H, P) = (parityCase[address].cell.hiddenSize, parityCase[address].cell.stateSize)
        #expect(P < H)
        for t in 6...11 { parityCase[address].states.c?[t, 0, H - 1] += 0.5 }
      }
      let judgement = try #require(
        changed.judged().references[address.reference].passes.first { $0.layer == address.layer }
      ).judgement
      #expect(judgement.verdict == .mismatch)
      #expect(!judgement.findings.contains { $0.kind == "parameter" })
    }
  }

  @Test("Weights of equal inputs cannot be told apart, and none is named")
  func equalInputs() throws {
    let original = try bundled("simplernn-relu-same-sign")
    for address in original.passAddresses {
      let wrongInput = original.changing { $0.misdeclare(.input(Self.factor), .hidden, at: address) }
      #expect(suspects(wrongInput, address).isEmpty)
    }
  }

  private func suspects(_ parityCase: ParityCase, _ address: PassAddress) -> [WrongParameter] {
    let reference = parityCase.references[address.reference]
    return SuspectSearch(
      reference.problem(layer: address.layer, pass: address.pass, of: parityCase),
      format: parityCase[address].format
    ).suspects()
  }

  private func terms(of gate: GateKind, in cell: Cell<Double>) -> [WrongParameter.Term] {
    let common: [WrongParameter.Term] = [.input(Self.factor), .state(Self.factor), .bias]
    return gate == .new ? common + [.recurrentBias] : common
  }
}

extension ParityCase {
  fileprivate mutating func misdeclare(
    _ term: WrongParameter.Term, _ gate: GateKind, at address: PassAddress
  ) {
    let (unit, error) = (SuspectTests.unit, SuspectTests.error)
    self[address].cell = self[address].cell.changing { kind, parameters in
      guard kind == gate else { return }
      switch term {
      case .input(let k): parameters.weightIH[unit, k] += error
      case .state(let k): parameters.weightHH[unit, k] += error
      case .bias: parameters.biasIH?[unit] += error
      case .recurrentBias: parameters.biasHH?[unit] += error
      }
    }
  }
}
