import Recurrent
import RecurrentConventions

/// A statement on how cells are written: of each it is known whether it leaves the function as it is.
public enum FormulaStatement: Equatable, Sendable {
  /// The equations that a convention prints are the cell that it reads.
  case printed(CellKind, by: Convention, [CellFeature])
  /// Weights packed by one convention, converted, packed and read by another.
  case conversion(CellKind, from: Convention, to: Convention)
  case rnnBiasHHDropped
  /// b_hr and b_hz moved into bias_ih.
  case gruGateBiasesMoved
  /// b_hn moved into b_in.
  case gruNewBiasMoved
  case lstmBiasHHMoved
  case gruResetBefore
  /// z and 1 − z exchanged.
  case gruBlendExchanged
  case gruBlendExchangedAndNegated
  /// Keras's gate order read as PyTorch's.
  case gruGateOrderMisread
  case lstmHardSigmoidOfKeras2
  /// Goldberg's S-RNN and GRU.
  case primerRNN
  case primerGRU
}
