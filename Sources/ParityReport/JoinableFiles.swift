import RecurrentParity

/// Files of one folder that hold one case name: judged apart, each agrees with itself, whatever the others hold.
public struct JoinableFiles {
  /// The files of each case that several hold; nil where there is none.
  public let groups: [[String]]?

  /// Of these cases, which are one.
  public init(_ cases: [CaseSummary]) {
    var files: [Key: [String]] = [:]
    var order: [Key] = []
    for entry in cases where entry.isCase {
      let path = entry.file
      let key = Key(
        folder: path.lastIndex(of: "/").map { String(path[...$0]) } ?? "", name: entry.case)
      if files[key] == nil { order.append(key) }
      if files[key]?.contains(path) != true { files[key, default: []].append(path) }
    }
    let groups = order.compactMap { files[$0] }.filter { $0.count > 1 }
    self.groups = groups.isEmpty ? nil : groups
  }

  /// What is to be done about them, a line each; printable.
  package var lines: [String] {
    (groups ?? []).map { files in
      let paths = files.map(\.printable).joined(separator: " ")
      return "one case name, judged apart: parity compare \(paths) judges them as one"
    }
  }

  private struct Key: Hashable {
    let folder: String
    let name: String
  }
}
