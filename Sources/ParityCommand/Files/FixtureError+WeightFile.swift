import NativeWeights
import RecurrentParity

extension FixtureError {
  /// What has to be given is asked for by the flags of the command line.
  init(_ error: WeightFileError) {
    let expected =
      switch error.missing {
      case .options(let layers): MissingOptions.request(for: layers)
      case .order:
        "the order of the layers to be given, by a --layer for each, the one below before the one that reads it"
      case .reference(let names): "--reference with one of " + names.joined(separator: ", ")
      case nil: error.expected
      }
    self.init(file: error.file, path: error.path, problem: "expected \(expected), found \(error.found)")
  }
}
