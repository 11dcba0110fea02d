import Recurrent
import Testing

@testable import RecurrentParity

/// One direction of one layer of one reference.
struct PassAddress: Hashable, Sendable, CustomStringConvertible {
  var reference: Int
  var layer: Int
  var pass: Int

  var description: String { "reference \(reference), layer \(layer), pass \(pass)" }
}

extension ParityCase {
  var passAddresses: [PassAddress] {
    references.indices.flatMap { reference in
      references[reference].layers.indices.flatMap { layer in
        references[reference].layers[layer].passes.indices.map {
          PassAddress(reference: reference, layer: layer, pass: $0)
        }
      }
    }
  }

  subscript(address: PassAddress) -> RecordedPass {
    get { references[address.reference].layers[address.layer].passes[address.pass] }
    set { references[address.reference].layers[address.layer].passes[address.pass] = newValue }
  }

  func changing(_ change: (inout ParityCase) throws -> Void) rethrows -> ParityCase {
    var copy = self
    try change(&copy)
    return copy
  }

  /// The places of one pass, at some timesteps.
  func places(_ address: PassAddress, _ timesteps: some Sequence<Int>) -> Set<Place> {
    Set(timesteps.map { Place(address.layer, self[address].direction, $0) })
  }

  /// The other references of the case.
  func others(than address: PassAddress) -> [Reference] {
    references.indices.filter { $0 != address.reference }.map { references[$0] }
  }

  /// Adds to one recorded state, and to the output that shows it where the run handed it on.
  mutating func spike(
    _ address: PassAddress, t: Int, b: Int, unit: Int, by delta: Double, inOutput: Bool
  ) {
    self[address].h[t, b, unit] += delta
    if inOutput {
      let layer = references[address.reference].layers[address.layer]
      let feature = layer.passes[..<address.pass].reduce(0) { $0 + $1.h.features } + unit
      references[address.reference].layers[address.layer].output?[t, b, feature] += delta
    }
  }
}

extension JudgingOptions {
  /// Verdicts and where they are, without searching why and without Swift's own run.
  static let verdictOnly = JudgingOptions(diagnoses: false, runsFreely: false)
  /// Verdicts and Swift's own run, without searching why.
  static let withoutDiagnosis = JudgingOptions(diagnoses: false)
}
