import RecurrentConventions
import RecurrentParity

extension FormulaStatement {
  var text: String {
    switch self {
    case .printed(let kind, let convention, let features):
      "\(kind.rawValue): \(convention.rawValue) as printed" + features.map { ", \($0.words)" }.joined()
    case .conversion(let kind, let from, let to): "\(kind.rawValue): \(from.rawValue) to \(to.rawValue)"
    case .rnnBiasHHDropped: "rnn: bias_hh dropped"
    case .gruGateBiasesMoved: "gru: b_hr and b_hz moved into bias_ih"
    case .gruNewBiasMoved: "gru: b_hn moved into b_in"
    case .lstmBiasHHMoved: "lstm: bias_hh moved into bias_ih"
    case .gruResetBefore: "gru: reset before instead of after"
    case .gruBlendExchanged: "gru: z and 1 − z exchanged"
    case .gruBlendExchangedAndNegated:
      "gru: z and 1 − z exchanged, with the update gate's weights negated"
    case .gruGateOrderMisread: "gru: Keras's gate order read as PyTorch's"
    case .lstmHardSigmoidOfKeras2: "lstm: Keras 2's hard sigmoid for Keras 3's"
    case .primerRNN: "rnn: Goldberg's S-RNN"
    case .primerGRU: "gru: Goldberg's GRU"
    }
  }
}
