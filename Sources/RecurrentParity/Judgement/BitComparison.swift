import Recurrent

/// Whether two references of a case hold the same states, bit by bit: a sequence alone and in a batch, streamed and
/// whole, with other threads, of two versions.
public struct BitComparison: Sendable {
  /// Where the first difference is, in the order of the data: layers upwards, in each the directions, in each the steps
  /// as the pass takes them.
  public struct Difference: Equatable, Sendable {
    /// The layer of the first reference.
    public var layer: Int
    /// The direction of its pass.
    public var direction: Direction
    /// Of the first reference, and the other's step and sequence where its axes are others.
    public var step: StepPlace
    /// The step of the other reference that is the same.
    public var otherStep: StepPlace
    /// Whether it is h or c.
    public var state: StateKind
    /// The unit, 0 to S − 1.
    public var unit: Int
    /// The value in the first reference.
    public var value: Double
    /// The value in the other.
    public var otherValue: Double
    /// How many elements of this direction of this layer differ, h and c together.
    public var count: Int
    /// Of how many.
    public var total: Int
  }

  /// A timestep of a sequence.
  public struct StepPlace: Equatable, Sendable {
    /// Input time t.
    public var timestep: Int
    /// The sequence b.
    public var batch: Int
  }

  /// The name of the first.
  public var reference: String
  /// The name of the other.
  public var other: String
  /// Nil where no compared bit differs.
  public var first: Difference?
  /// How many elements were compared.
  public var compared: Int
  /// What of either has no counterpart, and so was not compared.
  public var left: [Left]

  /// Something that was not compared.
  public enum Left: Equatable, Sendable {
    /// Layers of the two do not pair.
    case structure
    /// A state that only one of the two records, or whose sizes differ.
    case state(layer: Int, direction: Direction, StateKind)
    /// A sequence of the first reference whose input no sequence of the other has.
    case sequence(Int)
  }

  /// Whether all that both might have in common is there, and the same.
  public var areSame: Bool { first == nil && left.isEmpty && compared > 0 }
}

extension ParityCase {
  /// The comparison of each two references, in their order.
  func comparedByBits(_ references: [Reference], layers: (Reference) -> [Int]) -> [BitComparison] {
    references.indices.flatMap { index in
      references[(index + 1)...].map { other in
        BitComparing(parityCase: self, own: references[index], other: other)
          .comparison(layers: layers(references[index]))
      }
    }
  }
}

extension BitComparison.StepPlace {
  fileprivate var index: StepIndex { StepIndex(t: timestep, b: batch) }
}

/// The comparison of two references.
private struct BitComparing {
  let parityCase: ParityCase
  let own: Reference
  let other: Reference

  func comparison(layers: [Int]) -> BitComparison {
    var comparison = BitComparison(reference: own.name, other: other.name, compared: 0, left: [])
    guard let pairs = MatchingSequences(parityCase, own, other) else {
      comparison.left = [.structure]
      return comparison
    }
    comparison.left = pairs.unmatched.map { .sequence($0) }
    let partners = LayerPairing(own, other).partners
    for layer in layers {
      for (index, pass) in own.layers[layer].passes.enumerated() {
        guard let place = partners[layer][index] else {
          if comparison.left.last != .structure { comparison.left.append(.structure) }
          continue
        }
        compare(pass, layer, other.layers[place.layer].passes[place.pass], pairs, into: &comparison)
      }
    }
    return comparison
  }

  private func compare(
    _ pass: RecordedPass, _ layer: Int, _ otherPass: RecordedPass, _ pairs: MatchingSequences,
    into comparison: inout BitComparison
  ) {
    var states: [(kind: StateKind, own: SequenceRows, other: SequenceRows)] = []
    for kind in StateKind.allCases {
      switch (pass.states[kind], otherPass.states[kind]) {
      case (let a?, let b?) where a.features == b.features:
        states.append((kind, SequenceRows(a), SequenceRows(b)))
      case (nil, nil): break
      default: comparison.left.append(.state(layer: layer, direction: pass.direction, kind))
      }
    }
    var first: BitComparison.Difference?
    var (count, total) = (0, 0)
    for step in pairs.steps(pass.direction) {
      for index in states.indices {
        let kind = states[index].kind
        let (x, y) = (states[index].own.row(step.own.index), states[index].other.row(step.other.index))
        total += x.count
        for (unit, (value, otherValue)) in zip(x, y).enumerated()
        where value.bitPattern != otherValue.bitPattern {
          count += 1
          first =
            first
            ?? BitComparison.Difference(
              layer: layer, direction: pass.direction, step: step.own, otherStep: step.other, state: kind,
              unit: unit, value: value, otherValue: otherValue, count: 0, total: 0)
        }
      }
    }
    comparison.compared += total
    guard comparison.first == nil, var found = first else { return }
    (found.count, found.total) = (count, total)
    comparison.first = found
  }
}
