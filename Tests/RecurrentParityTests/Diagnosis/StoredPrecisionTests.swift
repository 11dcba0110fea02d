import BundledCases
import RandomNetworks
import Recurrent
import Testing

@testable import RecurrentParity

/// Weights in less than their precision, in a run that computes as declared.
@Suite struct StoredPrecisionTests {
  @Test("Every rounding of the weights that is beyond the bound is named first", arguments: Target.all)
  func named(_ target: Target) throws {
    let parityCase = try bundled(target.fixture)
    let context = parityCase.diagnosisContext(target.address)
    var flagged = 0
    for hypothesis in HypothesisCatalogue(context: context).storedPrecisions {
      let run = InjectedRun([hypothesis], in: context, format: parityCase[target.address].format)
      // Fine roundings of few weights are within the bound, or within it but for drift.
      guard run.judged().verdict == .mismatch else { continue }
      flagged += 1
      let finding = try #require(run.findings().first, "\(hypothesis.name) is not explained")
      #expect(
        finding.name == hypothesis.name || finding.equivalentTo.contains(hypothesis.name),
        "\(hypothesis.name) is taken for \(finding.name)")
    }
    #expect(flagged >= 12)
  }

  @Test("Weights that are off by as much at random are not explained", arguments: Target.all)
  func random(_ target: Target) throws {
    let parityCase = try bundled(target.fixture)
    let context = parityCase.diagnosisContext(target.address)
    for exponent in [-8, -11, -15] {
      let size = Double(sign: .plus, exponent: exponent, significand: 1)
      var numbers = Randomness(seed: 130)
      let noisy = context.problem.cell.changing { _, gate in
        for index in gate.weightHH.elements.indices {
          gate.weightHH.elements[index] *= 1 + Double.random(in: -size...size, using: &numbers)
        }
        for index in gate.weightIH.elements.indices {
          gate.weightIH.elements[index] *= 1 + Double.random(in: -size...size, using: &numbers)
        }
      }
      let wrong = Hypothesis(Mistake(.weightsRounded), .inputWeights, .cell { $0 = noisy })
      let run = InjectedRun([wrong], in: context, format: .float32)
      // Neither by a precision, nor by most of one, nor by weights rounded in a known way.
      #expect(run.judged().findings.allSatisfy { $0.kind != "precision" })
      #expect(run.findings().isEmpty)
    }
  }

  @Test("What becomes of weights is what frameworks make of them")
  func roundings() throws {
    func rounded(_ name: String, _ values: [Double]) throws -> [Double] {
      let all = WeightRounding.binary + WeightRounding.integer + WeightRounding.decimal
      let rounding = try #require(all.first { $0.name == name })
      return rounding([values], columns: 2)[0]
    }
    #expect(try rounded("3-decimals", [0.12345, -1.0006]) == [Double(Float(0.123)), Double(Float(-1.001))])
    #expect(
      try rounded("3-digits", [0.00123456, -12.3456]) == [Double(Float(0.00123)), Double(Float(-12.3))])
    #expect(try rounded("float16", [1 + 0x1p-11, 1 + 0x1p-10]) == [1, 1 + 0x1p-10])
    #expect(try rounded("tf32-ties-away", [1 + 0x1p-11, -1 - 0x1p-11]) == [1 + 0x1p-10, -1 - 0x1p-10])
    // The largest is a level; of another row it is another's.
    #expect(try rounded("int8", [127, -0.6, 3.4, 0.2]) == [127, -1, 3, 0])
    #expect(try rounded("int8-per-channel", [127, -0.6, 0.254, 0.127])[2] == 0.254.asFloat)
    #expect(try rounded("int8-asymmetric", [255, 0.4, 1.6, 0]) == [255, 0, 2, 0])
  }
}

extension Double {
  fileprivate var asFloat: Double { Double(Float(127) * (Float(self) / Float(127))) }
}
