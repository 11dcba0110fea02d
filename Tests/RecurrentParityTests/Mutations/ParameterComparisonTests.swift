import BundledCases
import Recurrent
import Testing

@testable import RecurrentParity

@Suite struct ParameterComparisonTests {
  private static let fixtures = ["birnn-tanh", "stackedrnn-relu", "stackedbirnn-ragged"]

  enum Weight: String, CaseIterable {
    case weightIH = "weight_ih"
    case weightHH = "weight_hh"
    case initialState = "initial_state/h"

    /// Moves its third value by one unit in the last place of the run's own format.
    func moved(_ pass: RecordedPass) -> RecordedPass {
      var pass = pass
      switch self {
      case .weightIH: pass.cell.gate.weightIH.elements[2].moveUp(pass.format)
      case .weightHH: pass.cell.gate.weightHH.elements[2].moveUp(pass.format)
      case .initialState: pass.initialState?.h.elements[2].moveUp(pass.format)
      }
      return pass
    }
  }

  @Test(
    "A parameter that is off by its last bit is named, though both references match", arguments: fixtures,
    Weight.allCases)
  func lastBit(_ name: String, _ weight: Weight) throws {
    let original = try bundled(name)
    for address in original.passAddresses where original.references[address.reference].name == "keras" {
      let changed = original.changing { $0[address] = weight.moved(original[address]) }
      let judgement = changed.judged(.verdictOnly)
      #expect(judgement.references.allSatisfy { $0.verdict == .match })
      #expect(judgement.verdict == .mismatch)
      for cross in judgement.cross {
        let difference = try #require(cross.parameters.first)
        #expect(cross.parameters.count == 1)
        #expect(difference.parameter == weight.rawValue)
        #expect(difference.layer == address.layer)
        #expect(difference.direction == original[address].direction)
        #expect(difference.maxAbs > 0)
        #expect(difference.bound == 0)
        // The states themselves follow from either: it is the parameters that differ.
        #expect(cross.flagged == [:])
        #expect(cross.mismatchedPasses == [PassName(address.layer, original[address].direction)])
      }
    }
  }

  @Test(
    "A converted bias may be rounded once, and not be two units in the last place off", arguments: fixtures)
  func bias(_ name: String) throws {
    let original = try bundled(name)
    for address in original.passAddresses where original.references[address.reference].name == "keras" {
      let unit = try #require(
        (0..<original[address].cell.hiddenSize).first { original[address].cell.gate.biasIH?[$0] != 0 })
      // The honest bias is within half a unit of b_ih + b_hh, so that one moved by two is off by at least one and
      // a half; u·|b| is less than one.
      let changed = original.changing {
        $0[address].cell.gate.biasIH?[unit].moveUp(original[address].format)
        $0[address].cell.gate.biasIH?[unit].moveUp(original[address].format)
      }
      for cross in changed.judged(.verdictOnly).cross {
        #expect(cross.parameters.map(\.parameter) == ["bias"])
        #expect(cross.verdict == .mismatch)
        #expect(cross.parameters.allSatisfy { $0.maxAbs > $0.bound && $0.bound > 0 })
      }
    }
  }

  @Test("References of another number of layers cannot be one network, and the cross check says so")
  func layerCount() throws {
    let original = try bundled("stackedrnn-tanh")
    let changed = original.changing { $0.references[0].layers.removeLast() }
    let judgement = changed.judged(.verdictOnly)
    #expect(judgement.references.allSatisfy { $0.verdict == .match })
    #expect(
      judgement.cross.map(\.structureText) == [
        "keras has 2 layers, pytorch 3", "pytorch has 3 layers, keras 2",
      ])
    expectStructural(judgement)
  }

  @Test("References of other directions cannot be one network")
  func directions() throws {
    let original = try bundled("birnn-tanh")
    let changed = original.changing {
      $0.references[0].layers[0].passes.removeLast()
      $0.references[0].layers[0].output = nil
    }
    let judgement = changed.judged(.verdictOnly)
    #expect(
      judgement.cross.map(\.structureText) == [
        "layer 0 is forward in keras, forward and backward in pytorch",
        "layer 0 is forward and backward in pytorch, forward in keras",
      ])
    expectStructural(judgement)
  }

  @Test("References of other sizes cannot be one network")
  func sizes() throws {
    let (small, large) = (try bundled("simplernn-tanh"), try bundled("stackedrnn-sizes"))
    var mixed = small
    mixed.references[0].layers[0] = large.references[0].layers[0]
    let judgement = mixed.judged(.verdictOnly)
    #expect(
      judgement.cross.map(\.structureText) == [
        "layer 0 is rnn with I = 5, H = 9 in keras, rnn with I = 5, H = 7 in pytorch",
        "layer 0 is rnn with I = 5, H = 7 in pytorch, rnn with I = 5, H = 9 in keras",
      ])
    expectStructural(judgement)
  }

  private func expectStructural(_ judgement: CaseJudgement) {
    #expect(judgement.verdict >= .mismatch)
    for cross in judgement.cross {
      #expect(cross.verdict == .mismatch)
      #expect(cross.passes.isEmpty)
    }
  }
}

extension Double {
  /// To the next number of a format, away from zero.
  fileprivate mutating func moveUp(_ format: FloatFormat) {
    self += (self < 0 ? -1 : 1) * format.spacing(at: magnitude)
  }
}
