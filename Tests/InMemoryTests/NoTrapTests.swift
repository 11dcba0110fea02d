import Foundation
import ParityFixtures
import ParityReport
import RecurrentConventions
import RecurrentParity
import Testing

/// Whatever is made of public names either throws, or is judged and written: it never ends the process.
@Suite struct NoTrapTests {
  @Test("A case of any values throws a placed error, or is judged", arguments: 0..<8)
  func judged(_ block: Int) throws {
    var (thrown, judged, verdicts) = (0, 0, Set<Verdict>())
    for seed in block * 100..<(block + 1) * 100 {
      var user = CarelessUser(seed: UInt64(seed))
      let options = user.options()
      do {
        let report = FileResult(try user.parityCase(), options)
        verdicts.insert(report.verdict)
        _ = try Report([report]).json()
        judged += 1
      } catch let error as CaseError {
        #expect(!error.place.isEmpty && !error.expected.isEmpty && !error.found.isEmpty, "\(error)")
        thrown += 1
      } catch let error as ConventionError {
        #expect(!error.tensor.isEmpty, "\(error)")
        thrown += 1
      }
    }
    #expect(thrown > 10 && judged > 10, "\(thrown) thrown, \(judged) judged")
    // Random states are no network's.
    #expect(verdicts.contains(.mismatch))
  }

  @Test("What could be made can be written, and is judged the same when it is read", arguments: 0..<4)
  func written(_ block: Int) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "in-memory-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var written = 0
    for seed in block * 100..<(block + 1) * 100 {
      var user = CarelessUser(seed: UInt64(seed))
      guard let made = try? user.parityCase() else { continue }
      let path = folder.appending(path: "\(seed).h5").path
      try made.write(to: path)
      let read = try ParityCase(contentsOf: path)
      let options = JudgingOptions(diagnoses: false)
      var (own, others) = (made.report(options), read.report(options))
      (own.cases[0].file, others.cases[0].file) = ("", "")
      #expect(try own.json() == others.json(), "seed \(seed)")
      written += 1
    }
    #expect(written > 10)
  }
}
