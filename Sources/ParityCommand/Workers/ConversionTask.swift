import HDF5
import NativeWeights
import Recurrent
import RecurrentConventions

/// What a worker is to convert a weight file to.
struct ConversionTask: Codable, Sendable {
  /// Of one layer, or of all of them, what the file does not say.
  struct Said: Codable, Sendable {
    var kind: String?
    var activation: ActivationArgument?
    var recurrentActivation: ActivationArgument?
    var resetAfter: Bool?
    var direction: String?
    var merge: String?
  }

  let target: String
  let layout: String
  let reference: String?
  /// Where it will be written, for a person.
  let output: String
  /// Of the layers that are meant, in their order; of all, where there are none.
  let layerNames: [String]
  let said: Said

  init(
    to target: Convention, as layout: WrittenFormat, reference: String?, output: SystemPath,
    layerNames: [String], said: Said
  ) {
    (self.target, self.layout, self.reference) = (target.rawValue, layout.rawValue, reference)
    (self.output, self.layerNames, self.said) = (output.description, layerNames, said)
  }

  /// The file's bytes, and what there is to say of them.
  func converted(_ file: WeightFile) throws(WeightFileError) -> (bytes: [UInt8], text: String) {
    guard let target = Convention(rawValue: target), let layout = WrittenFormat(rawValue: layout) else {
      throw WeightFileError(
        file: file.file, path: "/", expected: "a framework that is known", found: self.target)
    }
    let conversion = try file.converted(to: target, layers)
    let bytes = try conversion.bytes(as: layout)
    let text = ConversionText(conversion, layout, output: output).lines.map { $0 + "\n" }.joined()
    return (bytes, text)
  }

  /// One entry for each name, or one about all.
  private var layers: [LayerOptions] {
    let about = { (name: String?) in
      LayerOptions(
        name: name, kind: said.kind.flatMap(CellKind.init), activation: said.activation?.activation,
        recurrentActivation: said.recurrentActivation?.activation, resetAfter: said.resetAfter,
        direction: said.direction.flatMap(Direction.init), merge: said.merge.flatMap(MergeMode.init))
    }
    return layerNames.isEmpty ? [about(nil)] : layerNames.map(about)
  }
}
