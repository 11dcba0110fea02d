import Recurrent
import RecurrentParity

extension ParityCase {
  /// The valid steps of each sequence, which is padded behind them.
  public var lengths: [Int] {
    get { valid.counts }
    set { valid = ValidSteps(lengths: newValue, timesteps: input.timesteps) }
  }
}
