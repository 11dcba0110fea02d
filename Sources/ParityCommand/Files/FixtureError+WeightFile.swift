import NativeWeights
import RecurrentParity

extension FixtureError {
  init(_ error: WeightFileError) {
    self.init(
      file: error.file, path: error.path, problem: "expected \(error.expected), found \(error.found)")
  }
}
