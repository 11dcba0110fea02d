import CHDF5

/// The HDF5 library of this process.
///
/// Not every build of HDF5 is thread-safe, so one lock guards every call. All of its state is made by
/// the initializer of `shared`, never inside the lock: two threads cannot wait for each other.
///
/// Sendable, though unchecked: whatever changes is only touched with the lock held.
package final class Library: @unchecked Sendable {
  package static let shared = Library()

  private let lock = RecursiveLock()
  /// The identifiers of all kinds that are open; only touched with the lock held.
  var openHandles = 0
  /// Whether the thread with the lock is in a session; only touched with the lock held.
  private var isInSession = false
  private let refusal = ExternalLinkRefusal()
  /// The access list with which every name is looked up: it refuses to follow external links.
  let linkAccess: hid_t
  /// The list with which data are read.
  let transfer: hid_t

  private init() {
    let printer = chdf5_silence()
    linkAccess = chdf5_create_link_access()
    transfer = chdf5_create_transfer()
    H5Pset_elink_cb(linkAccess, refuseExternalLink, Unmanaged.passUnretained(refusal).toOpaque())
    chdf5_restore(printer)
  }

  /// That of HDF5, such as "1.10.8".
  static let version: String = {
    var (major, minor, release): (UInt32, UInt32, UInt32) = (0, 0, 0)
    shared.locked { _ = H5get_libversion(&major, &minor, &release) }
    return "\(major).\(minor).\(release)"
  }()

  /// What HDF5 had to say about a call that failed.
  struct Complaint: Error {
    var stack: [String]
    /// The external link that was not followed, when that is why the call failed.
    var externalLink: (file: String, path: String)?

    var reason: String {
      if let externalLink {
        return "external link to \(externalLink.path) in \(externalLink.file), which is never followed"
      }
      // Before it says that it lacks a filter, HDF5 complains of each folder without plug-ins (H5PL).
      guard let innermost = stack.first(where: { !$0.hasPrefix("H5PL") }) ?? stack.first else {
        return "HDF5 failed without saying why"
      }
      guard let separator = innermost.firstRange(of: ": ") else { return innermost }
      let text = String(innermost[separator.upperBound...])
      return isOfVersion(text) ? "\(text): damaged, or of a newer HDF5 than \(Library.version)" : text
    }

    /// Whether HDF5 met a version of a part of the format that it doesn't know.
    private func isOfVersion(_ text: String) -> Bool {
      text.contains("version") && ["bad", "unknown", "wrong", "unsupported"].contains { text.contains($0) }
    }
  }

  /// Makes one call of HDF5, whose result is negative when it failed.
  func attempt<R: SignedInteger>(_ call: () -> R) -> Result<R, Complaint> {
    session {
      refusal.link = nil
      let result = call()
      guard result < 0 else { return .success(result) }
      // The stack is only there until the next call of HDF5, and what is left of it on any thread when the
      // process ends keeps HDF5 from closing: it then prints of an infinite loop.
      defer { chdf5_forget_errors() }
      return .failure(Complaint(stack: currentErrors(), externalLink: refusal.link))
    }
  }

  /// Runs `body` with HDF5 to itself: it prints nothing, and loads no plug-ins, whatever a file or the environment
  /// names. What makes many calls, such as the reading of a file, takes less time in one session.
  package func session<R, Failure: Error>(_ body: () throws(Failure) -> R) throws(Failure) -> R {
    lock.acquire()
    defer { lock.release() }
    guard !isInSession else { return try body() }
    isInSession = true
    let settings = chdf5_silence()
    defer {
      chdf5_restore(settings)
      isInSession = false
    }
    return try body()
  }

  /// Runs `body` while no other thread is inside HDF5.
  package func locked<R>(_ body: () -> R) -> R {
    lock.acquire()
    defer { lock.release() }
    return body()
  }

  /// The number of things that this process has open in HDF5, counted by us and counted by HDF5, which
  /// doesn't count types, dataspaces and property lists. For tests of leaks.
  package var openCounts: (byUs: Int, byHDF5: Int) {
    locked { (openHandles, Int(chdf5_open_objects())) }
  }

  private func currentErrors() -> [String] {
    var errors: [String] = []
    _ = withUnsafeMutablePointer(to: &errors) { errors in
      chdf5_walk_errors(
        { _, error, errors in
          guard let error, let errors else { return 0 }
          let function = error.pointee.func_name.map { String(cString: $0) } ?? "HDF5"
          let text = error.pointee.desc.map { String(cString: $0) } ?? "no description"
          errors.assumingMemoryBound(to: [String].self).pointee.append("\(function): \(oneLine(text))")
          return 0
        }, errors)
    }
    return errors
  }
}

/// Where the callback below leaves the external link that it refused.
private final class ExternalLinkRefusal {
  var link: (file: String, path: String)?
}

private let refuseExternalLink: H5L_elink_traverse_t = { _, _, file, path, _, _, refusal in
  if let file, let path, let refusal {
    Unmanaged<ExternalLinkRefusal>.fromOpaque(refusal).takeUnretainedValue().link =
      (String(cString: file), String(cString: path))
  }
  return -1
}

/// HDF5 puts times, with their line feeds, into some of its messages.
private func oneLine(_ text: String) -> String {
  text.split(whereSeparator: \.isNewline).joined(separator: " ")
}
