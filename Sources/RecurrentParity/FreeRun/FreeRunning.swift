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
  public var maxAbsByTimestep: [Int: Double] = [:]
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
  func freeRunning(on parityCase: ParityCase, tolerance: Tolerance?) -> [[FreeRunning]] {
    let narrow = layers.contains { $0.passes.contains { $0.format != .float64 } }
    let runs = (narrow ? [true, false] : [true]).concurrentMap { isExact in
      isExact ? run(Double.self, on: parityCase) : run(Float.self, on: parityCase)
    }
    let (exact, swift) = (runs[0], runs[runs.count - 1])
    return layers.indices.map { layer in
      layers[layer].passes.indices.map { index in
        let pass = layers[layer].passes[index]
        return FreeRunning(
          reference: pass.states, swift: swift[layer][index], exact: exact[layer][index],
          steps: StepIndex.all(parityCase.valid(in: layers[layer])),
          direction: pass.direction, format: pass.format, tolerance: tolerance)
      }
    }
  }

  private func run<S: Scalar>(_ type: S.Type, on parityCase: ParityCase) -> [[States<Double>]] {
    var current = parityCase.input.converted(to: type)
    return layers.map { recorded in
      if let input = recorded.input { current = input.converted(to: type) }
      let layer = Layer(passes: recorded.passes.map(\.run), merge: recorded.merge).converted(to: type)
      let trace = layer.run(current, valid: parityCase.valid(in: recorded))
      current = trace.output
      return trace.passes.map { $0.states.converted(to: Double.self) }
    }
  }
}

extension FreeRunning {
  init(
    reference: RecordedStates, swift: States<Double>, exact: States<Double>, steps: [StepIndex],
    direction: Direction, format: FloatFormat, tolerance: Tolerance?
  ) {
    let swift = RecordedStates(swift)
    let exact = RecordedStates(exact)
    let difference = StateDifference(
      reference, swift, steps: steps, direction: direction, format: format, tolerance: tolerance)
    maxAbs = difference.maxAbs
    maxULP = difference.maxULP
    maxAbsByTimestep = difference.maxAbsByTimestep
    firstAboveTolerance = difference.firstAboveTolerance
    self.tolerance = tolerance
    referenceToExact =
      StateDifference(reference, exact, steps: steps, direction: direction, format: format).maxAbs
    swiftToExact = StateDifference(swift, exact, steps: steps, direction: direction, format: format).maxAbs
  }
}

extension RecordedStates {
  fileprivate init(_ states: States<Double>) { self.init(h: states.h, c: states.c) }
}
