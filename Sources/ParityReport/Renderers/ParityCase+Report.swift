import RecurrentParity

extension ParityCase {
  /// Judges the case and says what was found: as `text()`, or as `json()`.
  ///
  ///     print(parityCase.report().text())
  public func report(_ options: JudgingOptions = JudgingOptions()) -> Report {
    Report([FileResult(self, options)])
  }
}

extension Report {
  /// The report as `parity report` shows it.
  ///
  /// - Parameter isColoured: whether verdicts have the colours of a terminal.
  public func text(isColoured: Bool = false) -> String {
    TerminalRenderer(isColoured: isColoured).whole(self)
  }
}
