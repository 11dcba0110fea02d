import Recurrent

extension [PassJudgement] {
  /// Of a layer's two passes: what one alone took from the other is not called exchanged.
  ///
  /// - Parameter directions: of each pass.
  func distinguishingExchanges(layer: Int, directions: [Direction]) -> [PassJudgement] {
    guard count == 2, contains(where: \.hasExchangedDirections), !allSatisfy(\.hasExchangedDirections)
    else { return self }
    return zip(self, directions.reversed()).map { judgement, other in
      var judgement = judgement
      let exchanged = Mistake(.directionsSwapped)
      let taken = Mistake(.weightsOf, "\(layer) \(other.rawValue)")
      judgement.findings = judgement.findings.map { finding in
        var finding = finding
        if case .mistake(let mistakes) = finding.subject {
          finding.subject = .mistake(mistakes.map { $0 == exchanged ? taken : $0 })
        }
        finding.equivalentTo = finding.equivalentTo.map { name in
          name.split(separator: "+").map { $0 == exchanged.name ? taken.name : String($0) }
            .joined(separator: "+")
        }
        return finding
      }
      return judgement
    }
  }
}

extension PassJudgement {
  fileprivate var hasExchangedDirections: Bool {
    findings.contains { finding in
      if case .mistake(let mistakes) = finding.subject {
        mistakes.contains(Mistake(.directionsSwapped))
      } else {
        false
      }
    }
  }
}
