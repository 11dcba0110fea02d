import RecurrentParity

/// Files of one folder that hold one case name: judged apart, each agrees with itself, whatever the others hold.
struct JoinableFiles {
  /// The files of each case that several hold; nil where there is none.
  let groups: [[String]]?

  init(_ results: [FileResult]) {
    var files: [Key: [String]] = [:]
    var order: [Key] = []
    for case .judged(let judgement) in results {
      let path = judgement.parityCase.file
      let key = Key(
        folder: path.lastIndex(of: "/").map { String(path[...$0]) } ?? "", name: judgement.parityCase.name)
      if files[key] == nil { order.append(key) }
      if files[key]?.contains(path) != true { files[key, default: []].append(path) }
    }
    let groups = order.compactMap { files[$0] }.filter { $0.count > 1 }
    self.groups = groups.isEmpty ? nil : groups
  }

  private struct Key: Hashable {
    let folder: String
    let name: String
  }
}
