import Recurrent
import RecurrentParity

extension Inspection {
  /// For other programs: one value, without a line feed at its end.
  public func json() -> String { PrintableJSON.text(of: FixtureInspection(parityCase)) }
}

/// What a fixture holds, as it is written for other programs.
private struct FixtureInspection: Encodable {
  struct Reference: Encodable {
    var name: String
    var framework: String
    var frameworkVersion: String
    var convention: String
    var parameters: Int
    var layers: [Layer]
  }

  struct Layer: Encodable {
    var name: String
    var merge: String?
    var otherOptions: [String]
    var passes: [Pass]
  }

  struct Pass: Encodable {
    var direction: String
    var cell: String
    var activation: String
    var inputSize: Int
    var hiddenSize: Int
    var parameters: Int
    var precision: String
    var evidence: String
  }

  var file: String
  let format = "rnn-parity-fixture"
  var name: String
  var description: String?
  var timesteps: Int
  var batch: Int
  var inputSize: Int
  var inputFormat: String
  var unknownFeatures: [String]
  var references: [Reference]

  init(_ parityCase: ParityCase) {
    file = parityCase.file
    name = parityCase.name
    description = parityCase.summary
    timesteps = parityCase.input.timesteps
    batch = parityCase.input.batch
    inputSize = parityCase.input.features
    inputFormat = parityCase.inputFormat.name
    unknownFeatures = parityCase.unknownFeatures
    references = parityCase.references.map { reference in
      let layers = reference.layers.map { layer in
        Layer(
          name: layer.name, merge: layer.passes.count == 2 ? layer.merge.rawValue : nil,
          otherOptions: layer.otherOptions.map(\.text),
          passes: layer.passes.map { pass in
            Pass(
              direction: pass.direction.rawValue, cell: pass.cell.kind.rawValue,
              activation: pass.cell.activation.description, inputSize: pass.cell.inputSize,
              hiddenSize: pass.cell.hiddenSize, parameters: pass.cell.parameterCount,
              precision: pass.workingPrecision.name, evidence: pass.evidence.rawValue)
          })
      }
      return Reference(
        name: reference.name, framework: reference.framework, frameworkVersion: reference.frameworkVersion,
        convention: reference.convention.rawValue,
        parameters: layers.flatMap(\.passes).reduce(0) { $0 + $1.parameters }, layers: layers)
    }
  }
}
