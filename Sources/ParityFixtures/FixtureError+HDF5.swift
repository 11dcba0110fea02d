import HDF5
import RecurrentParity

extension FixtureError {
  init(_ error: HDF5Error, file: String) {
    self.init(file: file, path: error.path, problem: "cannot \(error.operation): \(error.reason)")
  }
}
