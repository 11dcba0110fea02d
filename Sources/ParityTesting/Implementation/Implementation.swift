import Recurrent
import RecurrentParity

/// An implementation of your own, in the form in which it can be called.
///
///     expectParity(
///       withFixtureAt: "gru.h5", reference: "pytorch",
///       of: .pass(Float.self) { pass in
///         let gru = try MyGRU(pass.weights["weight_ih"].values, pass.weights["weight_hh"].values, …)
///         return .states(h: gru.run(pass.input.values, from: pass.initialState.h.values))
///       })
///
/// The type that it computes in, here `Float`, is what it declares of its arithmetic.
public struct Implementation<Element: ParityElement> {
  let runs: (GivenReference<Element>) throws(ImplementationError) -> [ImplementationRun]
}

/// What an implementation computed in one way of calling it.
struct ImplementationRun {
  /// " [3, 1]"; empty where there is one way alone.
  var label = ""
  let layers: [RecordedLayer]
}

extension Implementation {
  /// A closure that computes one direction of one layer from what the reference's layer was fed.
  ///
  /// It is called for every layer and direction, each fed what was recorded: a mistake in one does not reach the next.
  ///
  /// - Parameters:
  ///   - type: what it computes in.
  ///   - layout: how it takes and returns sequences.
  ///   - body: returns what it has of the pass.
  public static func pass(
    _ type: Element.Type, _ layout: SequenceLayout = .standard,
    _ body: @escaping (PassUnderTest<Element>) throws -> ComputedStates<Element>
  ) -> Implementation {
    ofPasses(layout) { cell, order, input throws(ImplementationError) in
      let pass = PassUnderTest<Element>(
        cell: cell, input: order.laidOut(input), timesteps: input.timesteps, batch: input.batch,
        valid: order.laidOutValid)
      let states = try ImplementationError.wrapping(cell.place) { try body(pass) }
      return [("", states, order)]
    }
  }

  /// A closure that runs the whole network from the case's input.
  ///
  /// - Parameters:
  ///   - type: what it computes in.
  ///   - axes: of the sequences that it takes and returns, which are in input time.
  ///   - body: returns what it has of the network.
  public static func network(
    _ type: Element.Type, _ axes: SequenceLayout.Axes = .timeMajor,
    _ body: @escaping (NetworkUnderTest<Element>) throws -> ComputedNetwork<Element>
  ) -> Implementation {
    Implementation { given throws(ImplementationError) in
      if let interruption = given.interruption { throw interruption }
      let run = NetworkRun(given: given, layout: SequenceLayout(axes: axes))
      let network = try run.network()
      let computed = try ImplementationError.wrapping("network") { try body(network) }
      return [ImplementationRun(layers: try run.layers(computed))]
    }
  }

  /// One that goes step by step, or some steps at a time, and keeps its state between.
  ///
  /// Steps come in the order in which the pass reads them, the valid ones of each sequence first. Every list of chunk
  /// sizes is a run from a new beginning, repeated until the sequence ends, and judged as a reference of its own.
  ///
  /// - Parameters:
  ///   - type: what it computes in.
  ///   - chunks: lists of sizes, each at least 1: `[[1], [3, 1]]` goes step by step, and then by 3, 1, 3, 1, ….
  ///   - axes: of every chunk.
  ///   - body: makes what takes one chunk after the other.
  public static func streaming(
    _ type: Element.Type, chunks: [[Int]] = [[1], [3, 1]], _ axes: SequenceLayout.Axes = .timeMajor,
    _ body:
      @escaping (CellUnderTest<Element>) throws -> (ChunkUnderTest<Element>) throws -> ComputedStates<Element>
  ) -> Implementation {
    let layout = SequenceLayout(axes: axes, steps: .processingOrder)
    return ofPasses(layout) { cell, order, input throws(ImplementationError) in
      guard !chunks.isEmpty else {
        throw ImplementationError("chunks", expected: "at least one list of sizes", found: "none")
      }
      var runs: [(String, ComputedStates<Element>, SequenceOrder)] = []
      for sizes in chunks {
        let run = StreamingRun(cell: cell, order: order, sizes: sizes)
        runs.append((chunks.count == 1 ? "" : " \(sizes)", try run.states(input, body), run.returnedOrder))
      }
      return runs
    }
  }

  /// Runs one pass after the other, each fed what was recorded.
  private static func ofPasses(
    _ layout: SequenceLayout,
    _ body:
      @escaping (CellUnderTest<Element>, SequenceOrder, BatchedSequence<Double>) throws(ImplementationError)
      -> [(label: String, states: ComputedStates<Element>, order: SequenceOrder)]
  ) -> Implementation {
    Implementation { given throws(ImplementationError) in
      var labels: [String] = []
      // Of every way of calling it the layers.
      var runs: [[RecordedLayer]] = []
      for (index, layer) in given.reference.layers.enumerated() {
        var passes: [[RecordedPass]] = []
        for (number, own) in layer.passes.enumerated() {
          let cell = try given.cell(layer: index, pass: number)
          let order = SequenceOrder(layout, valid: given.valid(index), direction: own.direction)
          let results = try body(cell, order, given.inputs[index])
          labels = results.map(\.label)
          if passes.isEmpty { passes = results.map { _ in [] } }
          for (run, result) in results.enumerated() {
            passes[run].append(
              try StateValidation(cell: cell, order: result.order).pass(result.states, of: own))
          }
        }
        let input =
          index == 0 ? layer.input : layer.input ?? RecordedSequence(given.inputs[index])
        if runs.isEmpty { runs = passes.map { _ in [] } }
        for (run, passes) in passes.enumerated() {
          runs[run].append(given.layer(index, input: input, passes: passes))
        }
      }
      return zip(labels, runs).map { ImplementationRun(label: $0, layers: $1) }
    }
  }
}
