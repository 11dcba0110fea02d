import CHDF5

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// An HDF5 file.
///
/// It stays open for as long as there is a reference to it or to something in it, or until `close`.
/// It can be used from several threads: HDF5 works for one at a time.
public final class File: Sendable {
  /// The path in the file system, as given; bytes that are not UTF-8 are written as `\xNN`.
  public let name: String
  /// The root group, "/".
  public let root: Group
  private let handle: Handle

  /// Opens a file to read it. Throws when there is no such file, when it may not be read, and when it is
  /// not an HDF5 file or one that is damaged.
  public convenience init(reading path: String) throws(HDF5Error) { try self.init(reading: SystemPath(path)) }

  /// Opens a file whose name need not be UTF-8.
  public convenience init(reading path: SystemPath) throws(HDF5Error) {
    let site = Site(file: path.description, path: "/", fileHandle: nil)
    try site.checkFile(path, flags: O_RDONLY)
    guard try site.check("open file", { path.withCString { chdf5_is_hdf5($0) } }) > 0 else {
      throw site.error("open file", "not an HDF5 file")
    }
    try self.init(site) { access in path.withCString { H5Fopen($0, chdf5_read_only(), access) } }
  }

  /// Makes a file to write it; a file that exists is emptied. Throws when the place cannot be written to.
  public convenience init(creating path: String) throws(HDF5Error) {
    try self.init(creating: SystemPath(path))
  }

  /// Makes a file whose name need not be UTF-8.
  public convenience init(creating path: SystemPath) throws(HDF5Error) {
    let site = Site(file: path.description, path: "/", fileHandle: nil)
    try site.checkFile(path, flags: O_WRONLY | O_CREAT)
    try self.init(site) { access in
      path.withCString { H5Fcreate($0, chdf5_truncate(), chdf5_default_list(), access) }
    }
  }

  /// Makes a file that is nowhere but in memory, to be asked for its `image`.
  ///
  /// - Parameter name: for errors to name.
  public convenience init(inMemoryNamed name: String) throws(HDF5Error) {
    let site = Site(file: name, path: "/", fileHandle: nil)
    // HDF5 takes two files of one name for the same, though neither is anywhere.
    let own = "\(name) \(UInt64.random(in: .min ... .max))"
    try self.init(site, inMemory: true) {
      H5Fcreate(own, chdf5_truncate(), chdf5_default_list(), $0)
    }
  }

  private init(
    _ site: Site, inMemory: Bool = false, _ open: (_ access: hid_t) -> hid_t
  ) throws(HDF5Error) {
    name = site.file
    let access = try site.handle("open file", closer: H5Pclose) { chdf5_create_file_access() }
    if inMemory {
      try site.check("open file") { H5Pset_fapl_core(access.id, 1 << 20, false) }
    }
    // Closing the file closes everything in it.
    try site.check("open file") { H5Pset_fclose_degree(access.id, H5F_CLOSE_STRONG) }
    // A process that is just being started by this one shares its files for a moment, and with them
    // their locks: a file that was closed could not be opened again.
    try site.check("open file") { chdf5_disable_locks(access.id) }
    let handle = try site.handle("open file", closer: H5Fclose) { open(access.id) }
    self.handle = handle
    root = try Group(root: Site(file: site.file, path: "/", fileHandle: handle), of: handle)
  }

  /// The size of the file in bytes. Throws when HDF5 cannot tell.
  public func byteCount() throws(HDF5Error) -> Int {
    var size = hsize_t(0)
    try root.object.site.check("read file size") { H5Fget_filesize(handle.id, &size) }
    return Int(clamping: size)
  }

  /// Hands what has been written to the operating system. Throws when that fails.
  public func flush() throws(HDF5Error) {
    try root.object.site.check("flush file") { H5Fflush(handle.id, H5F_SCOPE_GLOBAL) }
  }

  /// The bytes of the file as it is now. Throws when HDF5 cannot tell.
  public func image() throws(HDF5Error) -> [UInt8] {
    try flush()
    let site = root.object.site
    let count = try site.check("read file image") { H5Fget_file_image(handle.id, nil, 0) }
    var bytes = [UInt8](repeating: 0, count: Int(count))
    try site.check("read file image") { H5Fget_file_image(handle.id, &bytes, bytes.count) }
    return bytes
  }

  /// Writes the rest and closes the file and everything in it: nothing of it can be used any more.
  /// Closing it again does nothing. Throws when writing fails.
  public func close() throws(HDF5Error) {
    if case .failure(let complaint) = handle.close() {
      throw HDF5Error(
        file: name, path: "/", operation: "close file", reason: complaint.reason, stack: complaint.stack)
    }
  }
}

extension Site {
  /// Throws in plain words what the operating system has against opening the file.
  fileprivate func checkFile(_ path: SystemPath, flags: Int32) throws(HDF5Error) {
    // Without O_NONBLOCK a named pipe would have us wait for its other end.
    let descriptor = path.withCString { open($0, flags | O_NONBLOCK | O_CLOEXEC, 0o666) }
    guard descriptor >= 0 else { throw error("open file", reason(errno)) }
    defer { _ = close(descriptor) }
    var info = stat()
    guard fstat(descriptor, &info) == 0 else { throw error("open file", reason(errno)) }
    switch info.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw error("open file", "is a directory")
    default: throw error("open file", "not a regular file")
    }
  }

  private func reason(_ code: Int32) -> String {
    switch code {
    case ENOENT: "no such file"
    case EISDIR: "is a directory"
    case EACCES, EPERM: "permission denied"
    // A socket.
    case ENXIO, EOPNOTSUPP: "not a regular file"
    default: String(cString: strerror(code))
    }
  }
}
