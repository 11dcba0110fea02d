import CHDF5

/// Owns one HDF5 identifier and closes it when the last reference to it goes.
///
/// Sendable, though unchecked: `isOpen` is only touched inside the library's lock, and HDF5 only uses
/// the identifier there.
final class Handle: @unchecked Sendable {
  let id: hid_t
  private let closer: @Sendable (hid_t) -> herr_t
  /// The file that the object is in: it stays open for as long as the object does.
  private let file: Handle?
  private var isOpen = true

  init(_ id: hid_t, in file: Handle?, closer: @escaping @Sendable (hid_t) -> herr_t) {
    self.id = id
    self.file = file
    self.closer = closer
    Library.shared.locked { Library.shared.openHandles += 1 }
  }

  // Nobody is left to be told of a failure; `File.close` tells of the one that loses data.
  deinit { _ = close() }

  var isClosed: Bool { Library.shared.locked { !isOpen } }

  /// Closes the identifier now; does nothing when that has been done.
  func close() -> Result<herr_t, Library.Complaint> {
    Library.shared.locked {
      guard isOpen else { return .success(0) }
      isOpen = false
      Library.shared.openHandles -= 1
      return Library.shared.attempt { closer(id) }
    }
  }
}
