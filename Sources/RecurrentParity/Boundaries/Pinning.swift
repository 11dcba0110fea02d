/// Which of two references was given the other's recurrent outputs in place of its own, while its spread was measured.
enum Pinning {
  case none
  case first
  case second
  /// Both, to the same reference: another one, or one of the two, whose own spread was measured with its own recurrent
  /// outputs held.
  case both

  init(_ a: Reference, _ b: Reference) {
    let (isFirst, isSecond) = (a.isPinned(to: b), b.isPinned(to: a))
    let pins = (a.model?.spread?.pinned, b.model?.spread?.pinned)
    self = pins.0 != nil && pins.0 == pins.1 ? .both : isFirst ? .first : isSecond ? .second : .none
  }

  /// How much the squares of the two spreads count, if they are recorded; nil where none is.
  ///
  /// A free run's spread holds what the layers before amplified, which a run that is pinned to it does not repeat: the
  /// spread of the pinned one alone says how far the two may be apart. It does not know how far the other's own
  /// arithmetic is off, which only both show that are pinned alike: so a free reference should record its held
  /// spread too, as files of before do not.
  func weights(_ hasFirst: Bool, _ hasSecond: Bool) -> (first: Double, second: Double)? {
    switch (hasFirst, hasSecond) {
    case (false, false): nil
    case (true, false): (2, 0)
    case (false, true): (0, 2)
    case (true, true):
      switch self {
      case .none, .both: (1, 1)
      case .first: (2, 0)
      case .second: (0, 2)
      }
    }
  }
}

extension Reference {
  /// Whether its spread was measured with the other's recurrent outputs: "pytorch", "pytorch in port.h5". Of several
  /// references of one name, the later have a number behind it.
  fileprivate func isPinned(to other: Reference) -> Bool {
    guard let pinned = model?.spread?.pinned else { return false }
    var names = [other.name]
    if let dash = other.name.lastIndex(of: "-"), Int(other.name[other.name.index(after: dash)...]) != nil {
      names.append(String(other.name[..<dash]))
    }
    return names.contains { pinned == $0 || pinned.hasPrefix($0 + " ") }
  }
}
