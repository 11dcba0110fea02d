/// A layer: one pass, or two whose outputs are merged.
public struct Layer<S: Scalar>: Sendable {
  /// One, or forward and backward.
  public var passes: [Pass<S>]
  public var merge: MergeMode

  public init(passes: [Pass<S>], merge: MergeMode = .concat) {
    precondition(1...2 ~= passes.count)
    self.passes = passes
    self.merge = merge
  }

  public func converted<T: Scalar>(to type: T.Type) -> Layer<T> {
    Layer<T>(passes: passes.map { $0.converted(to: type) }, merge: merge)
  }

  /// Runs each pass along the input `(T, B, I)`, and merges their outputs.
  ///
  /// - Precondition: the shapes agree; so too below.
  public func run(_ input: BatchedSequence<S>, lengths: [Int]? = nil) -> LayerTrace<S> {
    trace(passes.map { $0.scan(input, lengths: lengths) })
  }

  public func run(_ input: BatchedSequence<S>, valid: ValidSteps) -> LayerTrace<S> {
    trace(passes.map { $0.scan(input, valid: valid) })
  }

  private func trace(_ traces: [PassTrace<S>]) -> LayerTrace<S> {
    return LayerTrace(passes: traces, output: merge.merged(traces.map(\.states.h)))
  }
}
