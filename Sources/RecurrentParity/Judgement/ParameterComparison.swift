import Recurrent
import RecurrentConventions

/// A canonical parameter that two references do not share.
public struct ParameterDifference: Equatable, Sendable {
  /// The number of the layer, from 0.
  public var layer: Int
  /// The direction of that layer.
  public var direction: Direction
  /// The canonical name: `weight_hh[f]`, `bias`.
  public var parameter: String
  /// Largest absolute difference beyond its bound.
  public var maxAbs: Double
  /// What a conversion may have rounded it by, at the element of the largest difference.
  public var bound: Double
}

/// The canonical parameters of two passes, which must be bit-equal except where a converter rounded: a sum of
/// biases, or everything where the two runs differ in precision.
struct ParameterComparison {
  private let layer: Int
  private let direction: Direction
  private let format: FloatFormat
  private(set) var differences: [ParameterDifference] = []

  init(_ a: RecordedPass, _ b: RecordedPass, layer: Int) {
    self.layer = layer
    direction = a.direction
    format = a.format.unitRoundoff >= b.format.unitRoundoff ? a.format : b.format
    let conversion = a.format == b.format ? 0 : format.unitRoundoff

    for (own, other) in zip(a.cell.gates, b.cell.gates) {
      let suffix = own.kind.rawValue.isEmpty ? "" : "[\(own.kind.rawValue)]"
      compare(
        "weight_ih" + suffix, own.gate.weightIH.elements, other.gate.weightIH.elements, roundoff: conversion)
      compare(
        "weight_hh" + suffix, own.gate.weightHH.elements, other.gate.weightHH.elements, roundoff: conversion)
      let zeros = [Double](repeating: 0, count: own.gate.hiddenSize)
      if own.gate.peephole != nil || other.gate.peephole != nil {
        compare(
          "peephole" + suffix, own.gate.peephole ?? zeros, other.gate.peephole ?? zeros,
          roundoff: conversion)
      }
      let (ownIH, ownHH) = (own.gate.biasIH ?? zeros, own.gate.biasHH ?? zeros)
      let (otherIH, otherHH) = (other.gate.biasIH ?? zeros, other.gate.biasHH ?? zeros)
      // A GRU's b_hn stands inside r ⊙ (·): only there the two biases are not one sum.
      if own.kind == .new && !(a.cell.mergesBiases && b.cell.mergesBiases) {
        compare("bias_ih" + suffix, ownIH, otherIH, roundoff: conversion)
        compare("bias_hh" + suffix, ownHH, otherHH, roundoff: conversion)
      } else {
        compare(
          "bias" + suffix, zip(ownIH, ownHH).map(+), zip(otherIH, otherHH).map(+),
          roundoff: format.unitRoundoff)
      }
    }
    compare(
      "weight_hr", a.cell.weightHR?.elements ?? [], b.cell.weightHR?.elements ?? [], roundoff: conversion)
    for kind in StateKind.allCases {
      let (own, other) = (a.initialState?[kind]?.elements, b.initialState?[kind]?.elements)
      let zeros = [Double](repeating: 0, count: own?.count ?? other?.count ?? 0)
      compare("initial_state/\(kind.rawValue)", own ?? zeros, other ?? zeros, roundoff: conversion)
    }
  }

  private mutating func compare(_ parameter: String, _ x: [Double], _ y: [Double], roundoff: Double) {
    var worst: (difference: Double, bound: Double)?
    for (x, y) in zip(x, y) {
      let bound = roundoff == 0 ? 0 : roundoff * max(x.magnitude, y.magnitude) + format.smallestNormal
      let difference = (x - y).magnitude
      if !(difference <= bound), difference > worst?.difference ?? -1 { worst = (difference, bound) }
    }
    guard let worst else { return }
    differences.append(
      ParameterDifference(
        layer: layer, direction: direction, parameter: parameter, maxAbs: worst.difference, bound: worst.bound
      ))
  }
}
