import Recurrent

/// Which direction of which layer of one reference is which of another's.
public struct LayerPairing: Equatable, Sendable {
  /// How two layers were found to be one.
  public enum Ground: String, Sendable {
    /// The file says so, whatever else does, and they agree in shape.
    case file
    /// They have one name, which no other layer of either has, and agree in shape.
    case name
    /// Their parameters are equal to within a conversion's rounding.
    case weights
    /// They stand in the same place among those that are left, and agree in shape.
    case order
  }

  /// A direction of a layer.
  struct Place: Equatable, Sendable {
    var layer: Int
    var pass: Int
  }

  /// For each layer and direction of the first its partner; nil where it has none.
  private(set) var partners: [[Place?]]
  /// For each layer of the first that has partners, how they were found.
  private(set) var grounds: [Int: Ground] = [:]
  /// Whether layers with equal parameters were told apart by nothing but their order.
  public private(set) var isAmbiguous = false
  /// Layers without a partner for every direction, of the first and of the second.
  private(set) var unpaired: (first: [Int], second: [Int]) = ([], [])

  /// The weakest that was needed: order is weaker than weights, weights than names, names than what the file says.
  public var ground: Ground {
    let used = Set(grounds.values)
    return [.order, .weights, .name, .file].first(where: used.contains) ?? .order
  }

  /// How many layers of the first are paired as the file says.
  public var declared: Int { grounds.values.count { $0 == .file } }

  /// The layer of the second reference that holds the partner of a layer's first direction; nil without any.
  public func partner(of layer: Int) -> Int? { partners[layer].first.flatMap { $0?.layer } }

  /// Layers of the two that are one, or of which one is half of the other; each pair once.
  var layerPairs: [(own: Int, other: Int)] {
    partners.enumerated().flatMap { own, places in
      var seen: [Int] = []
      for place in places { if let layer = place?.layer, !seen.contains(layer) { seen.append(layer) } }
      return seen.map { (own, $0) }
    }
  }

  public static func == (a: LayerPairing, b: LayerPairing) -> Bool {
    a.partners == b.partners && a.grounds == b.grounds && a.isAmbiguous == b.isAmbiguous
      && a.unpaired == b.unpaired
  }

  /// Layers that are not recorded as parts of models stand in the order of the data: only there names and weights
  /// would pair what a port has exchanged, without a boundary that shows it.
  init(_ a: Reference, _ b: Reference) {
    partners = a.layers.map { $0.passes.map { _ in nil } }
    var search = Search(a, b)
    search.byLabel()
    if a.model != nil && b.model != nil {
      search.byName()
      search.byWeights()
    }
    search.byOrder()
    if a.model != nil && b.model != nil { search.byDirection() }
    for (own, places) in search.partners { partners[own] = places }
    grounds = search.grounds
    isAmbiguous = search.isAmbiguous
    let others = search.others.filter { search.freeDirections($0) > 0 }
    unpaired = ((search.own + search.unlike.first).sorted(), (others + search.unlike.second).sorted())
  }
}

/// The pairing while it is being found.
private struct Search {
  private let a: Reference
  private let b: Reference
  /// What is left.
  private(set) var own: [Int]
  private(set) var others: [Int]
  private(set) var partners: [Int: [LayerPairing.Place?]] = [:]
  private(set) var grounds: [Int: LayerPairing.Ground] = [:]
  private(set) var isAmbiguous = false
  /// Layers that the file pairs and that do not agree in shape: they are no others' partners.
  private(set) var unlike: (first: [Int], second: [Int]) = ([], [])
  private var taken: [LayerPairing.Place] = []

  init(_ a: Reference, _ b: Reference) {
    (self.a, self.b) = (a, b)
    (own, others) = (Array(a.layers.indices), Array(b.layers.indices))
  }

  mutating func byLabel() {
    for index in own {
      guard let label = a.layers[index].pair,
        let other = others.first(where: { b.layers[$0].pair == label })
      else { continue }
      if agree(index, other) {
        pair(index, other, .file)
      } else {
        unlike.first.append(index)
        unlike.second.append(other)
        own.removeAll { $0 == index }
        others.removeAll { $0 == other }
      }
    }
  }

  mutating func byName() {
    for index in own {
      let name = a.layers[index].name
      guard a.layers.count(where: { $0.name == name }) == 1,
        b.layers.count(where: { $0.name == name }) == 1,
        let other = others.first(where: { b.layers[$0].name == name }), agree(index, other)
      else { continue }
      pair(index, other, .name)
    }
  }

  mutating func byWeights() {
    for index in own {
      let equal = others.filter { agree(index, $0) && haveEqualWeights(index, $0) }
      guard let other = equal.first else { continue }
      if equal.count > 1 { isAmbiguous = true }
      pair(index, other, .weights)
    }
  }

  mutating func byOrder() {
    guard own.count == others.count, zip(own, others).allSatisfy({ agree($0, $1) }) else { return }
    for (index, other) in zip(own, others) { pair(index, other, .order) }
  }

  /// One layer of two directions may be two of one.
  mutating func byDirection() {
    for index in own {
      let passes = a.layers[index].passes
      var found: [LayerPairing.Place] = []
      var ground = LayerPairing.Ground.weights
      for pass in passes {
        let alike = free(like: pass, beside: found)
        let equal = alike.filter { hasEqualWeights(pass, b.layers[$0.layer].passes[$0.pass]) }
        guard let place = equal.first ?? (alike.count == 1 ? alike.first : nil) else { break }
        if equal.count > 1 { isAmbiguous = true }
        if equal.isEmpty { ground = .order }
        found.append(place)
      }
      guard found.count == passes.count else { continue }
      partners[index] = found
      grounds[index] = ground
      taken += found
      own.removeAll { $0 == index }
    }
  }

  /// How many directions of a layer of the second are not taken.
  func freeDirections(_ layer: Int) -> Int {
    b.layers[layer].passes.count - taken.count { $0.layer == layer }
  }

  private func free(like pass: RecordedPass, beside found: [LayerPairing.Place]) -> [LayerPairing.Place] {
    others.flatMap { layer in
      b.layers[layer].passes.indices.map { LayerPairing.Place(layer: layer, pass: $0) }
    }.filter { place in
      let other = b.layers[place.layer].passes[place.pass]
      return !taken.contains(place) && !found.contains(place) && other.direction == pass.direction
        && CellShape(other.cell) == CellShape(pass.cell)
    }
  }

  private mutating func pair(_ index: Int, _ other: Int, _ ground: LayerPairing.Ground) {
    partners[index] = a.layers[index].passes.indices.map { LayerPairing.Place(layer: other, pass: $0) }
    grounds[index] = ground
    own.removeAll { $0 == index }
    others.removeAll { $0 == other }
  }

  private func agree(_ index: Int, _ other: Int) -> Bool {
    StructuralDifference(layer: index, a.layers[index], b.layers[other]) == nil
  }

  private func haveEqualWeights(_ index: Int, _ other: Int) -> Bool {
    zip(a.layers[index].passes, b.layers[other].passes).allSatisfy(hasEqualWeights)
  }

  private func hasEqualWeights(_ pass: RecordedPass, _ other: RecordedPass) -> Bool {
    var (pass, other) = (pass, other)
    (pass.initialState, other.initialState) = (nil, nil)
    return ParameterComparison(pass, other, layer: 0).differences.isEmpty
  }
}
