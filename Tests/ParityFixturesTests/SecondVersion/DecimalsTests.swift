import FixtureEditing
import Foundation
import HDF5
import Recurrent
import Testing

@testable import ParityFixtures
@testable import RecurrentParity

/// Values that went through decimal text are within half a unit of the last decimal of the run's.
@Suite struct DecimalsTests {
  private static let fixtures = ["stackedbirnn-ragged", "stackedbigru-ragged", "stackedbilstm-ragged"]

  /// With every recorded state rounded to so many decimals.
  private func judged(_ name: String, roundedTo n: Int, declaring declared: Int?) throws -> CaseJudgement {
    let copy = try FixtureCopy(try Originals.shared.tree(name)) { tree in
      try tree.raiseVersion()
      let scale = pow(10, Double(n))
      let states = ["/h", "/c", "/output"]
      for path in tree.datasets.keys
      where states.contains(where: path.hasSuffix) && !path.contains("/initial_state/") {
        try tree.change(path) { $0.numbers = $0.numbers.map { ($0 * scale).rounded() / scale } }
      }
      if let declared {
        for reference in tree.references {
          try tree.setAttribute("decimals", of: reference, to: .int(declared))
        }
      }
    }
    return try ParityCase(contentsOf: copy.path).judged(.steps)
  }

  @Test(
    "Rounded states match where the decimals are declared, and not where they are not", arguments: fixtures,
    [3, 4, 5])
  func declared(_ name: String, _ n: Int) throws {
    #expect(try judged(name, roundedTo: n, declaring: n).verdict == .match)
    #expect(try judged(name, roundedTo: n, declaring: nil).verdict > .match)
    #expect(try judged(name, roundedTo: n, declaring: n + 1).verdict > .match)
  }

  @Test("Decimals that keep every digit of the type change nothing", arguments: fixtures)
  func enough(_ name: String) throws {
    #expect(try judged(name, roundedTo: 12, declaring: 12).verdict == .match)
  }
}
