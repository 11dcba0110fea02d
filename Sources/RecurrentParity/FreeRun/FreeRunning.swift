import RealModule
import Recurrent

/// What rounding does to a whole run: the reference against Swift's own, from the input alone.
///
/// This is information, never a proof: a chaotic network amplifies honest rounding without limit.
public struct FreeRunning: Sendable {
  /// Largest |h_ref − h_swift| over the valid steps.
  public var maxAbs = 0.0
  /// Largest distance in units of the last place, over elements of at least 0.01; nil where there is none.
  public var maxULP: Int?
  /// Largest distance of the reference to the Float64 run of the same formula.
  public var referenceToExact = 0.0
  /// Largest distance of Swift's run to the Float64 run: with the former it tells whose drift it is.
  public var swiftToExact = 0.0
  /// Largest |h_ref − h_swift| by timestep.
  public var maxAbsByTimestep = TimestepMaxima(timesteps: 0)
  /// The user's tolerance, where one was given.
  public var tolerance: Tolerance?
  /// The first timestep in processing order that exceeds it.
  public var firstAboveTolerance: Int?

  /// By how much a small disturbance of the state grows in one step, on the mean: below 1 the network
  /// contracts and forgets its rounding, above 1 it is chaotic. Nil where it was not measured.
  public var growthPerStep: Double?

  /// Where no run was made.
  static let unknown = FreeRunning(maxAbs: .nan, referenceToExact: .nan, swiftToExact: .nan)

  /// Raw distances in units of the last place mislead near zero: they are taken from this magnitude up.
  static let smallestForULP = 0.01
}

extension FreeRunning {
  /// Whether the network makes of one step's rounding a difference a thousand times as large, so that no
  /// end-to-end tolerance means anything. Contractive networks stay below ten times.
  func isAmplified(from residual: Double) -> Bool { maxAbs > 1000 * residual }
}

extension Reference {
  /// Runs the network from the input alone in the run's scalar type and in Float64, restarting where a layer's
  /// input is recorded, and compares every state.
  func freeRunning(on parityCase: ParityCase, tolerance: Tolerance?, windowBytes: Int) -> [[FreeRunning]] {
    var current = FreeInput(swift: parityCase.input, exact: parityCase.input)
    return layers.indices.map { index in
      let layer = layers[index]
      if let input = layer.input { current = FreeInput(swift: input, exact: input) }
      let isRead = index + 1 < layers.count && layers[index + 1].input == nil
      let (input, valid) = (current, parityCase.valid(in: layer))
      let isNarrow = hasNarrowPass
      let runs = layer.passes.concurrentMap { pass in
        FreePass(pass, input: input, valid: valid, isNarrow: isNarrow).run(
          keepingStates: isRead, tolerance: tolerance, windowBytes: windowBytes)
      }
      if isRead {
        current = FreeInput(
          swift: layer.merge.merged(runs.compactMap(\.swift), rounding: isNarrow ? .float32 : .float64),
          exact: layer.merge.merged(runs.compactMap(\.exact), rounding: .float64))
      }
      return runs.map(\.figures)
    }
  }

  /// Whether Swift's run is one in Float.
  private var hasNarrowPass: Bool { layers.contains { $0.passes.contains { $0.format != .float64 } } }
}
