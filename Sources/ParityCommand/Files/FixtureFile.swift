import HDF5
import NativeWeights
import ParityFixtures
import RecurrentParity

/// A file that is taken for a fixture.
struct FixtureFile {
  let path: SystemPath

  /// Reads it, with HDF5 for itself meanwhile.
  ///
  /// - Parameter memoryLimit: in bytes.
  func read(memoryLimit: Int) throws(FixtureError) -> ParityCase {
    try Library.shared.session { () throws(FixtureError) in
      do throws(FixtureError) { return try ParityCase(contentsOf: path, memoryLimit: memoryLimit) } catch {
        guard let advice = FrameworkFile.advice(at: path) else { throw error }
        throw FixtureError(file: error.file, path: "/", problem: advice)
      }
    }
  }
}
