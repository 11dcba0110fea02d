import Networks
import ParityTesting
import XCTest

/// A user in Swift 5 language mode, who names whatever the signatures need without another import.
final class Swift5Tests: XCTestCase {
  private let layout: SequenceLayout = .processingOrder
  private let tolerance: Tolerance? = nil
  private let threshold: FailureThreshold = .drift

  func testImplementation() throws {
    let report: Report = try requireParity(
      withFixtureAt: fixtures + "simplegru.h5", reference: "pytorch", failOn: threshold, tolerance: tolerance,
      of: .pass(Float.self, layout) { pass in
        let (direction, kind, convention): (Direction, CellKind, Convention) = (
          pass.direction, pass.kind, pass.convention
        )
        XCTAssertEqual("\(direction) \(kind) \(convention)", "forward gru pytorch")
        return .states(
          h: try self.gru(pass).run(
            pass.input.values, batch: pass.batch, from: pass.initialState.h.values))
      })
    XCTAssertEqual(report.verdict, "match")
  }

  /// This package's own matrix: the library's is not in the way.
  func testNamesOfItsOwn() {
    XCTAssertEqual(Matrix<Float>(columns: 1, elements: [2]).times([3], plus: [1]), [7])
  }

  private func gru(_ pass: PassUnderTest<Float>) throws -> HandWrittenGRU {
    HandWrittenGRU(
      weightIH: try pass.weights["weight_ih"].values, weightHH: try pass.weights["weight_hh"].values,
      biasIH: try pass.weights["bias_ih"].values, biasHH: try pass.weights["bias_hh"].values)
  }
}
