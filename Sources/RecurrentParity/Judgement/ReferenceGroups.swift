/// References of a case, of which some may be one object of a file under several names: what is said of one holds of all,
/// and there is nothing to compare between them.
struct ReferenceGroups {
  private let references: [Reference]
  /// For each reference the first that is the same object, itself where there is none.
  private let first: [Int]

  init(_ references: [Reference]) {
    self.references = references
    var known: [RecordedObject: Int] = [:]
    first = references.enumerated().map { index, reference in
      guard let object = reference.object else { return index }
      defer { known[object] = known[object] ?? index }
      return known[object] ?? index
    }
  }

  /// Each reference with what is made of it.
  func judgedOnce<Judgement: Sendable>(
    _ judge: @escaping @Sendable (Reference) -> Judgement
  ) -> [(Reference, Judgement)] {
    let distinct = first.indices.filter { first[$0] == $0 }
    let judgements = Dictionary(
      uniqueKeysWithValues: zip(distinct, distinct.map { references[$0] }.concurrentMap(judge)))
    return references.indices.compactMap { index in
      judgements[first[index]].map { (references[index], $0) }
    }
  }

  /// Each two references that are not one object, with what is made of them.
  ///
  /// - Parameter ordered: whether two references are two pairs.
  func pairsJudgedOnce<Judgement: Sendable>(
    ordered: Bool, _ judge: @escaping @Sendable (Reference, Reference) -> Judgement
  ) -> [(Reference, Reference, Judgement)] {
    let pairs = references.indices.flatMap { a in
      references.indices.filter { (ordered ? $0 != a : $0 > a) && first[$0] != first[a] }.map {
        Pair(a: a, b: $0)
      }
    }
    let distinct = pairs.filter { first[$0.a] == $0.a && first[$0.b] == $0.b }
    let judgements = Dictionary(
      uniqueKeysWithValues: zip(
        distinct,
        distinct.concurrentMap { [references] pair in judge(references[pair.a], references[pair.b]) }))
    return pairs.compactMap { pair in
      let same = Pair(a: first[pair.a], b: first[pair.b])
      if let judgement = judgements[same] { return (references[pair.a], references[pair.b], judgement) }
      // Of an unordered pair the first of each object may stand the other way round.
      return judgements[Pair(a: same.b, b: same.a)].map { (references[pair.b], references[pair.a], $0) }
    }
  }

  private struct Pair: Hashable, Sendable {
    var a: Int
    var b: Int
  }
}
