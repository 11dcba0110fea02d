import CHDF5
import Foundation
import HDF5
import Testing

/// A folder of its own for a test, which is removed when the test is over.
final class Scratch: Sendable {
  let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "hdf5-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String = "file.h5") -> String { folder + "/" + name }

  /// Writes a file, closes it, and opens it again to read it.
  func file(_ write: (Group) throws -> Void) throws -> File {
    let file = try File(creating: path())
    try write(file.root)
    try file.close()
    return try File(reading: path())
  }

  /// As above, with calls of HDF5 itself for what the module doesn't write.
  func rawFile(_ write: (hid_t) -> Void) throws -> File {
    try File(creating: path()).close()
    Library.shared.locked {
      let file = H5Fopen(path(), UInt32(readAndWrite), chdf5_default_list())
      write(file)
      H5Fclose(file)
    }
    return try File(reading: path())
  }

  func bytes(_ name: String = "file.h5") throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path(name)))
  }

  func replace(_ bytes: Data, _ name: String = "file.h5") throws {
    try bytes.write(to: URL(fileURLWithPath: path(name)))
  }
}

/// `H5F_ACC_RDWR`, a macro that Swift doesn't import.
let readAndWrite = 1

/// Makes a dataset of any type, without data.
func makeRawDataset(
  _ file: hid_t, _ name: String, _ type: hid_t, _ shape: [hsize_t] = [2], creation: hid_t? = nil
) {
  let space = H5Screate_simple(Int32(shape.count), shape, nil)
  let none = chdf5_default_list()
  let dataset = H5Dcreate2(file, name, type, space, none, creation ?? none, none)
  H5Dclose(dataset)
  H5Sclose(space)
}

/// The reason of the error that `body` has to throw.
func reason(_ body: () throws -> some Any) -> String? {
  do {
    let value = try body()
    Issue.record("\(value) instead of an error")
    return nil
  } catch let error as HDF5Error {
    return error.reason
  } catch {
    Issue.record(error)
    return nil
  }
}
