import ParityTesting
import Recurrent

/// The library's own cells in the place of an implementation, in any form of being called.
enum LibraryRun {
  /// In input time, as the layout has it.
  static func pass<S: Scalar & ParityElement>(
    _ type: S.Type, _ layout: SequenceLayout = .standard,
    changing change: @escaping (inout ComputedStates<S>, PassUnderTest<S>) -> Void = { _, _ in }
  ) -> Implementation<S> {
    .pass(S.self, layout) { pass in
      let direction = layout.steps == .processingOrder ? .forward : pass.direction
      let timeMajor = layout.axes == .timeMajor ? pass.input : pass.input.swapped
      let trace = Pass(
        direction: direction, cell: pass.cell.cell.converted(to: S.self), initialState: pass.cell.state
      )
      .scan(
        BatchedSequence(
          timesteps: pass.timesteps, batch: pass.batch, features: pass.inputSize, elements: timeMajor.values),
        valid: pass.valid)
      var states = ComputedStates<S>()
      states.h = tensor(trace.states.h, layout)
      states.c = trace.states.c.map { tensor($0, layout) }
      change(&states, pass)
      return states
    }
  }

  /// The whole stack.
  static func network<S: Scalar & ParityElement>(
    _ type: S.Type, _ axes: SequenceLayout.Axes = .timeMajor,
    returning result: @escaping (Trace<S>, SequenceLayout) -> ComputedNetwork<S>
  ) -> Implementation<S> {
    .network(S.self, axes) { given in
      let network = Network<S>(
        layers: given.layers.map { layer in
          Layer(
            passes: layer.passes.map {
              Pass(direction: $0.direction, cell: $0.cell.converted(to: S.self), initialState: $0.state)
            }, merge: layer.merge)
        })
      let input = axes == .timeMajor ? given.input : given.input.swapped
      let trace = network.run(
        BatchedSequence(
          timesteps: given.timesteps, batch: given.batch, features: input.shape[2], elements: input.values),
        lengths: try given.lengths)
      return result(trace, SequenceLayout(axes: axes))
    }
  }

  static func tensor<S: Scalar & ParityElement>(
    _ sequence: BatchedSequence<S>, _ layout: SequenceLayout = .standard
  ) -> ParityTensor<S> {
    let tensor = ParityTensor(
      shape: [sequence.timesteps, sequence.batch, sequence.features], values: sequence.elements)
    return layout.axes == .timeMajor ? tensor : tensor.swapped
  }
}

/// A step of the library's own cell after the other.
struct LibraryStream: StreamingCell {
  private let cell: Cell<Float>
  private var state: State<Float>
  private let forgets: Bool

  init(_ given: CellUnderTest<Float>) { self.init(given, forgets: false) }

  /// - Parameter forgets: whether each chunk starts from zeros.
  init(_ given: CellUnderTest<Float>, forgets: Bool) {
    cell = given.cell.converted(to: Float.self)
    state = given.state
    self.forgets = forgets
  }

  mutating func states(of chunk: ChunkUnderTest<Float>) -> ComputedStates<Float> {
    if forgets, chunk.start > 0 { state = cell.zeroState(batch: chunk.batch) }
    let trace = Pass(direction: .forward, cell: cell, initialState: state).scan(
      BatchedSequence(
        timesteps: chunk.timesteps, batch: chunk.batch, features: cell.inputSize, elements: chunk.input.values
      ),
      lengths: chunk.lengths)
    for (b, length) in chunk.lengths.enumerated() where length > 0 {
      for unit in 0..<cell.stateSize { state.h[b, unit] = trace.states.h[length - 1, b, unit] }
      for unit in 0..<(trace.states.c?.features ?? 0) {
        state.c?[b, unit] = trace.states.c?[length - 1, b, unit] ?? .nan
      }
    }
    var states = ComputedStates<Float>()
    states.h = LibraryRun.tensor(trace.states.h)
    states.c = trace.states.c.map { LibraryRun.tensor($0) }
    states.finalH = ParityTensor(shape: [chunk.batch, cell.stateSize], values: state.h.elements)
    states.finalC = state.c.map { ParityTensor(shape: [chunk.batch, cell.hiddenSize], values: $0.elements) }
    return states
  }
}

extension CellUnderTest where Element: Scalar {
  /// What the library's pass starts from.
  fileprivate var state: State<Element> {
    State(
      h: Matrix(rows: initialState.h.shape[0], columns: stateSize, elements: initialState.h.values),
      c: kind == .lstm
        ? Matrix(rows: initialState.h.shape[0], columns: hiddenSize, elements: initialState.c.values) : nil)
  }
}

extension ParityTensor {
  /// `(A, B, D)` as `(B, A, D)`.
  fileprivate var swapped: ParityTensor {
    ParityTensor(
      shape: [shape[1], shape[0], shape[2]],
      values: (0..<shape[1]).flatMap { b in (0..<shape[0]).flatMap { a in row(a, b) } })
  }
}
