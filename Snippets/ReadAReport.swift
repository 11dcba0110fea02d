// What a program that reads reports does: here it writes one first.

import Foundation
import ParityFixtures
import ParityReport
import RecurrentParity

let fixture = "Fixtures/departures/port-bias-hh-dropped.h5"
let report = Report([FileResult(try ParityCase(contentsOf: fixture), JudgingOptions())])

let data = try report.encoded()
let decoded = try Report.decoded(from: data)

for entry in decoded.cases where entry.verdict != "match" {
  print("\(entry.case): \(entry.verdict)")
}
precondition(decoded.verdict == "mismatch")
