import BundledCases
import FixtureManifest
import ParityReport
import Recurrent
import RecurrentParity
import Testing

/// A case that is made of values is judged as the same one of a file.
@Suite struct RebuiltTests {
  @Test(
    "Every fixture without a model, made again by the public initialisers, has the same report",
    arguments: try Manifest.bundled().files)
  func rebuilt(_ entry: Manifest.Entry) throws {
    let original = try entry.load()
    guard original.references.allSatisfy({ $0.model == nil && $0.layers.allSatisfy { $0.calls == nil } })
    else {
      return
    }
    var rebuilt = try original.rebuilt()
    rebuilt.file = original.file
    #expect(try original.report().json() == rebuilt.report().json())
  }
}

extension ParityCase {
  /// The same by what is public.
  fileprivate func rebuilt() throws -> ParityCase {
    let readsInput = references.contains { $0.layers.first?.input == nil }
    return try ParityCase(
      name: name, summary: summary, seed: seed, input: readsInput ? input : nil,
      lengths: readsInput ? valid.lengths : nil,
      mask: readsInput && valid.lengths == nil ? valid.mask : nil,
      references: references.map { reference in
        try Reference(
          name: reference.name, framework: reference.framework,
          frameworkVersion: reference.frameworkVersion, convention: reference.convention,
          environment: reference.environment,
          layers: reference.layers.map { layer in
            let valid = layer.input == nil ? nil : layer.valid ?? valid
            return try RecordedLayer(
              name: layer.name, passes: layer.passes.map { try $0.rebuilt() }, merge: layer.merge,
              input: layer.input, lengths: valid?.lengths,
              mask: valid.flatMap { $0.lengths == nil ? $0.mask : nil }, output: layer.output,
              emptyFinal: layer.emptyFinal,
              otherOptions: Dictionary(
                uniqueKeysWithValues: layer.otherOptions.map { ($0.name, $0.value) }),
              pair: layer.pair)
          })
      })
  }
}

extension RecordedPass {
  fileprivate func rebuilt() throws -> RecordedPass {
    try RecordedPass(
      direction: direction, cell: cell, initialState: initialState, states: states, finalState: finalState,
      declared: declared, initialStateSource: initialStateSource, decimals: decimals)
  }
}

extension ValidSteps {
  fileprivate var mask: [Bool] {
    (0..<timesteps).flatMap { t in (0..<batch).map { contains(t, $0) } }
  }
}
