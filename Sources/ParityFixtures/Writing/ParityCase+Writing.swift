import HDF5
import Recurrent
import RecurrentParity

extension ParityCase {
  /// Writes the case as a fixture of format version 2, which reads back as an equal case.
  ///
  /// The file is replaced as a whole or stays as it is. Sequences are copied in windows, so that one that is read from
  /// a file may be of any length. What several layers share is written once for each.
  ///
  /// - Parameter path: the file, most often called `….h5`; a link to a file stays one.
  /// - Throws: `FixtureError` where the file cannot be written, and for what has no place in it: what the case's own
  ///   file held and nothing reads, and what no fixture can state.
  public func write(to path: String) throws(FixtureError) {
    let draft = try FixtureDraft(for: path)
    try draft.complete { (file) throws(FixtureError) in
      try Library.shared.session { () throws(FixtureError) in
        try FixtureWriter(self, path).write(to: file.root)
      }
    }
  }
}
