import Recurrent

/// Options of a cell that a file declares and a run ignores, or that a run has and no file declares: those without a
/// value of their own. See `fittedOptions` for the others.
extension HypothesisCatalogue {
  var cellOptions: [Hypothesis] {
    var all: [Hypothesis] = []
    if cell.clip != nil {
      all.append(Hypothesis(Mistake(.clipIgnored), .clip, .cell { $0.clip = nil }))
    }
    guard case .lstm(let lstm) = cell else { return all }
    if lstm.inputForget {
      all.append(changing(Mistake(.inputForgetIgnored), .coupling) { $0.inputForget = false })
    } else {
      all.append(changing(Mistake(.forgetGateCoupled), .coupling) { $0.inputForget = true })
    }
    all.append(
      changing(Mistake(.inputGateCoupled), .coupling) {
        $0.inputForget = false
        $0.departure.inputIsCoupled = true
      })
    let seeing = cell.gates.filter { $0.gate.peephole?.contains { $0 != 0 } ?? false }.map(\.kind)
    guard !seeing.isEmpty else { return all }
    all.append(
      Hypothesis(Mistake(.peepholesIgnored), .peepholes, .cell { $0 = $0.changing { $1.peephole = nil } }))
    all += peepholeOrders
    if seeing.contains(.output) {
      all.append(
        changing(Mistake(.peepholesAfterActivation, context.letter(of: .output)), .peepholes) {
          $0.departure.peepholesAfterActivation = [.output]
        })
    }
    if seeing != [.output] {
      all.append(
        changing(Mistake(.peepholesAfterActivation, "all"), .peepholes) {
          $0.departure.peepholesAfterActivation = [.input, .forget, .output]
        })
    }
    return all
  }

  /// Other orders of the three packed peepholes, which are stored as i, o, f.
  private var peepholeOrders: [Hypothesis] {
    let stored: [GateKind] = [.input, .output, .forget]
    return stored.indices.map { $0 }.otherOrders.compactMap { order -> Hypothesis? in
      let reordered = { @Sendable (cell: Cell<Double>) in
        let gates = Dictionary(uniqueKeysWithValues: cell.gates.map { ($0.kind, $0.gate) })
        return cell.changing { kind, gate in
          // Stored block k was used as that of gate order[k].
          guard let used = stored.firstIndex(of: kind), let k = order.firstIndex(of: used) else { return }
          gate.peephole = gates[stored[k]]?.peephole
        }
      }
      guard reordered(cell) != cell else { return nil }
      let letters = order.map { context.letter(of: stored[$0]) }.joined()
      return Hypothesis(Mistake(.peepholesReordered, letters), .peepholes, .cell { $0 = reordered($0) })
    }
  }

  /// The hypothesis that an LSTM's formula was changed so.
  private func changing(
    _ mistake: Mistake, _ aspects: Aspects, _ change: @escaping @Sendable (inout LSTMCell<Double>) -> Void
  ) -> Hypothesis {
    Hypothesis(mistake, aspects, .cell { $0.changeLSTM(change) })
  }
}

extension Cell<Double> {
  /// What the arguments of the activations are clipped to.
  var clip: Double? {
    get {
      switch self {
      case .rnn(let cell): cell.clip
      case .gru(let cell): cell.clip
      case .lstm(let cell): cell.clip
      }
    }
    set {
      switch self {
      case .rnn(var cell):
        cell.clip = newValue
        self = .rnn(cell)
      case .gru(var cell):
        cell.clip = newValue
        self = .gru(cell)
      case .lstm(var cell):
        cell.clip = newValue
        self = .lstm(cell)
      }
    }
  }

  /// The share of the old h in the new one.
  var zoneout: Double {
    get {
      switch self {
      case .rnn(let cell): cell.zoneout
      case .gru(let cell): cell.zoneout
      case .lstm(let cell): cell.departure.zoneout
      }
    }
    set {
      switch self {
      case .rnn(var cell):
        cell.zoneout = newValue
        self = .rnn(cell)
      case .gru(var cell):
        cell.zoneout = newValue
        self = .gru(cell)
      case .lstm(var cell):
        cell.departure.zoneout = newValue
        self = .lstm(cell)
      }
    }
  }
}
