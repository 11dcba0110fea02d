import Recurrent
import Testing

@testable import ParityReport
@testable import RecurrentParity

@Suite struct FormulaCheckTests {
  @Test("Every statement on the conventions holds, by a wide margin", arguments: FormulaCheck.all())
  func holds(_ check: FormulaCheck) {
    #expect(check.holds, "\(check.statement.text): r/ρ = \(check.maxBoundRatio)")
    if check.expectsSameFunction {
      // Float64 runs of one formula by the other: rounding of some 2⁻⁵³, and not nothing.
      #expect(check.maxResidual < 1e-14)
      #expect(check.maxResidual > 0, "\(check.statement.text): nothing was compared")
    } else {
      // Weights of order 1 move states of order 1.
      #expect(check.maxBoundRatio > 1e6)
      #expect(check.maxResidual > 1e-3)
    }
  }

  @Test("The statements are about every cell and every convention, of sameness and of difference")
  func complete() {
    let checks = FormulaCheck.all()
    let statements = checks.map(\.statement.text)
    #expect(Set(statements).count == statements.count)
    for kind in CellKind.allCases {
      #expect(checks.contains { $0.statement.text.hasPrefix("\(kind.rawValue): ") && $0.expectsSameFunction })
      #expect(
        checks.contains { $0.statement.text.hasPrefix("\(kind.rawValue): ") && !$0.expectsSameFunction })
      for pair in [
        "pytorch to keras", "keras to pytorch", "pytorch to onnx", "onnx to keras", "pytorch to flax",
        "keras to mlx",
      ] {
        #expect(statements.contains("\(kind.rawValue): \(pair)"))
      }
    }
    #expect(statements.contains { $0.contains("Goldberg's S-RNN") })
    #expect(statements.contains { $0.contains("Goldberg's GRU") })
  }
}

extension FormulaCheck: CustomTestStringConvertible {
  public var testDescription: String { statement.text }
}
