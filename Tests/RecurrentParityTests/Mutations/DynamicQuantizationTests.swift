import BundledCases
import Recurrent
import Testing

@testable import RecurrentParity

/// An LSTM that ONNX Runtime ran by integer kernels, beside the file's Float32 weights.
@Suite struct DynamicQuantizationTests {
  private let run: ParityCase
  /// The quantized reference's passes.
  private let addresses: [PassAddress]

  init() throws {
    run = try bundled("int8-stackedbilstm")
    let reference = try #require(run.references.firstIndex { $0.name == "onnxruntime" })
    addresses = run.passAddresses.filter { $0.reference == reference }
  }

  @Test("Every state is reproduced from the recorded values alone, and by the right framework's levels only")
  func reproduced() throws {
    for address in addresses {
      let problem = run.references[address.reference].problem(
        layer: address.layer, pass: address.pass, of: run)
      let explaining = DynamicQuantization.all.filter {
        $0.applied(to: problem)?.assessed(in: ErrorModel(.float32)).explainsAll ?? false
      }
      // c comes from a run step by step.
      #expect(explaining.map(\.framework) == ["ONNX Runtime"])
      #expect(explaining.map(\.isInputWhole) == [false])
    }
  }

  @Test("One wrong element is a mismatch at its step, and the rest stays drift")
  func spike() throws {
    for address in addresses {
      let last = run[address].direction == .forward ? 11 : 0
      let changed = run.changing { $0.spike(address, t: last, b: 1, unit: 2, by: 3e-3, inOutput: false) }
      let judgement = try judgement(of: changed, address)
      #expect(judgement.timesteps.filter { $0.verdict == .mismatch }.map(\.timestep) == [last])
      #expect(judgement.timesteps.allSatisfy { $0.verdict == .mismatch || $0.verdict == .drift })
      #expect(judgement.precisions.map(\.name) == ["precision:int8"])
      #expect(judgement.precisions.map(\.explainsAll) == [false])
    }
  }

  @Test("A wrong bias of the size of the quantization is not taken for it")
  func wrongBias() throws {
    for address in addresses {
      let changed = run.changing { changed in
        changed[address].cell = changed[address].cell.changing { kind, gate in
          if kind == .cell { gate.biasIH = gate.biasIH?.map { $0 + 0.01 } }
        }
      }
      let judgement = try judgement(of: changed, address)
      #expect(judgement.verdict == .mismatch)
      #expect(judgement.precisions.allSatisfy { !$0.explainsAll })
    }
  }

  private func judgement(of parityCase: ParityCase, _ address: PassAddress) throws -> PassJudgement {
    let reference = parityCase.judged(.verdictOnly).references[address.reference]
    let direction = run[address].direction
    return try #require(
      reference.passes.first { $0.layer == address.layer && $0.pass.direction == direction }
    ).judgement
  }
}
