import CHDF5

/// What a name in a group leads to.
public enum LinkKind: Equatable, Sendable {
  /// A link to a group.
  case group
  /// A link to a dataset.
  case dataset
  /// A datatype that has a name of its own.
  case namedType
  /// A soft link that leads nowhere.
  case dangling(target: String)
  /// A link, or a soft link to one, into another file. It is never followed.
  case external(file: String, path: String)
  /// A link to something else: a named datatype, or what does not resolve.
  case other

  /// The kind in the place of the dots of "expected a group, found …".
  var asFound: String {
    switch self {
    case .group: "a group"
    case .dataset: "a dataset"
    case .namedType: "a datatype"
    case .dangling(let target): "a soft link to \(target), which doesn't exist"
    case .external(let file, let path): "an external link to \(path) in \(file), which is never followed"
    case .other: "something else"
    }
  }
}

/// A group: names that lead to groups, datasets and the rest.
///
/// Where a name is asked for, a path of names with "/" between them will do. One that begins with "/"
/// begins at the root group.
public struct Group: FileObject {
  /// The handle that keeps it open.
  public let object: ObjectReference

  init(_ object: ObjectReference) { self.object = object }

  /// The names in this group, in the order of their bytes. Throws when one isn't UTF-8.
  public func names() throws(HDF5Error) -> [String] {
    try object.site.names("list group") { chdf5_link_names(object.handle.id, $0, $1) }
  }

  /// What `name` leads to, or nil when there is no such name. Soft links are reported as what they lead
  /// to. Throws when the path leads through an external link.
  public func link(_ name: String) throws(HDF5Error) -> LinkKind? {
    guard let (parent, last) = try parent(of: name, "look up") else { return nil }
    guard let last else { return .group }
    return try parent.kind(of: last)
  }

  /// Whether there is such a name, whatever it leads to. Throws as `link`.
  public func contains(_ name: String) throws(HDF5Error) -> Bool {
    guard let (parent, last) = try parent(of: name, "look up") else { return false }
    guard let last else { return true }
    let id = parent.object.handle.id
    return try parent.object.site.child(last).check("look up") {
      H5Lexists(id, last, Library.shared.linkAccess)
    } > 0
  }

  /// The group called `name`. Throws when that is something else, or nothing.
  public func group(_ name: String) throws(HDF5Error) -> Group {
    Group(try openObject(name, .group))
  }

  /// The dataset called `name`. Throws when that is something else, or nothing, or a virtual dataset.
  public func dataset(_ name: String) throws(HDF5Error) -> Dataset {
    try Dataset(openObject(name, .dataset))
  }

  // MARK: Private

  private func openObject(_ name: String, _ expected: LinkKind) throws(HDF5Error) -> ObjectReference {
    let operation = expected == .group ? "open group" : "open dataset"
    let site = name.hasPrefix("/") ? object.site.at(name) : object.site.child(name)
    guard let (parent, last) = try parent(of: name, operation) else {
      throw site.error(operation, "expected \(expected.asFound), found nothing")
    }
    guard let last else {
      if expected == .group { return parent.object }
      throw site.error(operation, "expected \(expected.asFound), found a group")
    }
    // What opens as what is expected needs no look at the link that led there.
    if let object = parent.opened(last), object.isOfKind(expected) { return object }
    let found = try parent.kind(of: last)
    guard found == expected else {
      throw site.error(operation, "expected \(expected.asFound), found \(found?.asFound ?? "nothing")")
    }
    return try parent.openChild(last, operation)
  }

  /// Nil where it cannot be opened.
  private func opened(_ name: String) -> ObjectReference? {
    let access = Library.shared.linkAccess
    guard case .success(let id) = Library.shared.attempt({ H5Oopen(object.handle.id, name, access) }) else {
      return nil
    }
    let site = object.site.child(name)
    return try? ObjectReference(site, Handle(id, in: site.fileHandle, closer: H5Oclose))
  }

  private func openChild(_ name: String, _ operation: String) throws(HDF5Error) -> ObjectReference {
    let site = object.site.child(name)
    let access = Library.shared.linkAccess
    return try ObjectReference(
      site, site.handle(operation, closer: H5Oclose) { H5Oopen(object.handle.id, name, access) })
  }

  /// The group that a path leads into and the last name of the path, which is nil when the path is that
  /// of the group itself. Nil when the path leads through what isn't a group.
  private func parent(of path: String, _ operation: String) throws(HDF5Error) -> (Group, String?)? {
    var names = try self.names(in: path, operation)
    var group = path.hasPrefix("/") ? try root() : self
    let last = names.popLast()
    for name in names {
      switch try group.kind(of: name) {
      case .group: group = Group(try group.openChild(name, operation))
      case .external(let file, let path):
        let kind = LinkKind.external(file: file, path: path)
        throw group.object.site.child(name).error(operation, "expected a group, found \(kind.asFound)")
      default: return nil
      }
    }
    return (group, last)
  }

  private func names(in path: String, _ operation: String) throws(HDF5Error) -> [String] {
    guard !path.utf8.contains(0) else { throw object.site.error(operation, "a name cannot hold a NUL") }
    return path.split(separator: "/").map(String.init).filter { $0 != "." }
  }

  private func root() throws(HDF5Error) -> Group { try Group(root: object.site, of: object.handle) }

  /// What the single name `name` leads to.
  private func kind(of name: String) throws(HDF5Error) -> LinkKind? {
    let site = object.site.child(name)
    let id = object.handle.id
    let access = Library.shared.linkAccess
    guard try site.check("look up", { H5Lexists(id, name, access) }) > 0 else { return nil }
    var link = chdf5_link_info()
    try site.check("look up") { chdf5_link(id, name, access, &link) }
    switch link.type {
    case H5L_TYPE_HARD: break
    case H5L_TYPE_SOFT:
      switch Library.shared.attempt({ H5Oexists_by_name(id, name, access) }) {
      case .success(let exists) where exists > 0: break
      case .failure(let complaint) where complaint.externalLink != nil:
        return complaint.externalLink.map { .external(file: $0.file, path: $0.path) }
      default: return .dangling(target: try linkTarget(name, size: link.value_size))
      }
    case H5L_TYPE_EXTERNAL: return try externalTarget(name, size: link.value_size)
    default: return .other
    }
    var info = chdf5_object_info()
    try site.check("look up") { chdf5_object_by_name(id, name, access, &info) }
    switch info.type {
    case H5O_TYPE_GROUP: return .group
    case H5O_TYPE_DATASET: return .dataset
    case H5O_TYPE_NAMED_DATATYPE: return .namedType
    default: return .other
    }
  }

  private func linkValue(_ name: String, size: Int) throws(HDF5Error) -> [CChar] {
    var value = [CChar](repeating: 0, count: size + 1)
    let access = Library.shared.linkAccess
    try object.site.child(name).check("look up") {
      H5Lget_val(object.handle.id, name, &value, size, access)
    }
    return value
  }

  private func linkTarget(_ name: String, size: Int) throws(HDF5Error) -> String {
    try linkValue(name, size: size).withUnsafeBufferPointer {
      $0.baseAddress.map { String(cString: $0) } ?? ""
    }
  }

  private func externalTarget(_ name: String, size: Int) throws(HDF5Error) -> LinkKind {
    let value = try linkValue(name, size: size)
    var file: UnsafePointer<CChar>?
    var path: UnsafePointer<CChar>?
    var target = LinkKind.other
    try object.site.child(name).check("look up") {
      // The two strings point into `value`.
      value.withUnsafeBufferPointer { value in
        let status = H5Lunpack_elink_val(value.baseAddress, size, nil, &file, &path)
        if status >= 0, let file, let path {
          target = .external(file: String(cString: file), path: String(cString: path))
        }
        return status
      }
    }
    return target
  }
}

extension Group {
  /// The root group of the file that the object `handle` is in.
  init(root site: Site, of handle: Handle) throws(HDF5Error) {
    let site = site.at("/")
    let access = Library.shared.linkAccess
    self.init(
      try ObjectReference(
        site, site.handle("open group", closer: H5Oclose) { H5Oopen(handle.id, "/", access) }))
  }
}
