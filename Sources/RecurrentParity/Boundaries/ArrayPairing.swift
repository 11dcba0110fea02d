/// Which array of one model is which of another's: names are each framework's own.
struct ArrayPairing {
  private(set) var pairs: [(own: RecordedArray, other: RecordedArray)] = []
  /// What has no counterpart.
  private(set) var own: [RecordedArray]
  private(set) var others: [RecordedArray]

  init(_ own: [RecordedArray], _ others: [RecordedArray]) {
    (self.own, self.others) = (own, others)
    for array in own where others.contains(where: { $0.name == array.name }) {
      pair(array.name, array.name)
    }
    // One of each is left, or one of a shape on either side: there is no choice.
    for array in self.own {
      let isOnly = self.own.count == 1 && self.others.count == 1
      let alike = self.others.filter { isOnly || $0.shape == array.shape }
      let rivals = self.own.filter { isOnly || $0.shape == array.shape }
      if let other = alike.first, alike.count == 1, rivals.count == 1 { pair(array.name, other.name) }
    }
  }

  private mutating func pair(_ name: String, _ otherName: String) {
    guard let i = own.firstIndex(where: { $0.name == name }),
      let j = others.firstIndex(where: { $0.name == otherName })
    else { return }
    pairs.append((own.remove(at: i), others.remove(at: j)))
  }
}
