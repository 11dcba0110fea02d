import Recurrent
import RecurrentConventions

/// A statement on how cells are written: of each it is known whether it leaves the function as it is.
public enum FormulaStatement: Equatable, Sendable {
  /// The equations that a convention prints are the cell that it reads.
  case printed(CellKind, by: Convention, [CellFeature])
  /// Weights packed by one convention, converted, packed and read by another.
  case conversion(CellKind, from: Convention, to: Convention)
  /// An RNN's bias_hh left out.
  case rnnBiasHHDropped
  /// b_hr and b_hz moved into bias_ih.
  case gruGateBiasesMoved
  /// b_hn moved into b_in.
  case gruNewBiasMoved
  /// An LSTM's bias_hh moved into bias_ih.
  case lstmBiasHHMoved
  /// The reset gate applied before the recurrent product instead of after it.
  case gruResetBefore
  /// z and 1 − z exchanged.
  case gruBlendExchanged
  /// z and 1 − z exchanged, and the update gate's parameters negated.
  case gruBlendExchangedAndNegated
  /// Keras's gate order read as PyTorch's.
  case gruGateOrderMisread
  /// Keras 2's hard sigmoid in place of Keras 3's.
  case lstmHardSigmoidOfKeras2
  /// Goldberg's S-RNN and GRU.
  case primerRNN
  /// Goldberg's GRU.
  case primerGRU
}
