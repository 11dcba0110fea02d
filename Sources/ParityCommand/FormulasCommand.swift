import ArgumentParser
import ParityReport
import RecurrentParity

struct FormulasCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "formulas",
    abstract: "Prints each convention's formulas and checks what is said of them.",
    discussion: """
      For whoever touches a formula: which conversions between conventions are exact, and which are another \
      function and by how much. Exit status: 0 every statement holds; 1 one does not.
      """)

  func run() throws {
    let checks = FormulaCheck.all()
    try StandardOutput.write(FormulaSheet.text(checks))
    if checks.contains(where: { !$0.holds }) { throw ExitCode(1) }
  }
}
