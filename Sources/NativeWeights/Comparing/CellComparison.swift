import Recurrent
import RecurrentConventions
import RecurrentParity

/// A cell of a file with the format that its values are in.
struct StoredCell {
  var cell: Cell<Double>
  /// The coarsest of its tensors.
  var format: FloatFormat
}

/// The parameters of two cells of one kind and size, gate by gate.
struct CellComparison {
  private(set) var parameters: [ComparedParameter] = []
  private let format: FloatFormat
  /// What of every value a change of formats rounds; 0 where there is none.
  private let conversion: Double

  init(_ a: StoredCell, _ b: StoredCell) {
    format = a.format.unitRoundoff >= b.format.unitRoundoff ? a.format : b.format
    conversion = a.format == b.format ? 0 : format.unitRoundoff
    for (own, other) in zip(a.cell.gates, b.cell.gates) {
      compare("weight_ih", own.kind, Vector(own.gate.weightIH), Vector(other.gate.weightIH))
      compare("weight_hh", own.kind, Vector(own.gate.weightHH), Vector(other.gate.weightHH))
      let size = own.gate.hiddenSize
      compareBiases(
        own.kind, Biases(own.gate), Biases(other.gate),
        mayMerge: own.kind != .new || a.cell.mergesBiases && b.cell.mergesBiases)
      if own.gate.peephole != nil || other.gate.peephole != nil {
        compare(
          "peephole", own.kind, Vector(own.gate.peephole, size), Vector(other.gate.peephole, size))
      }
    }
    if let own = a.cell.weightHR, let other = b.cell.weightHR {
      compare("weight_hr", nil, Vector(own), Vector(other))
    }
  }

  var agreement: Agreement { parameters.map(\.agreement).max() ?? .exact }

  private mutating func compareBiases(_ kind: GateKind, _ own: Biases, _ other: Biases, mayMerge: Bool) {
    guard !own.isEmpty || !other.isEmpty else { return }
    guard mayMerge, own != other else {
      guard !mayMerge || own.hh != nil || other.hh != nil else {
        return compare("bias", kind, Vector(own.ih, own.size), Vector(other.ih, own.size))
      }
      compare("bias_ih", kind, Vector(own.ih, own.size), Vector(other.ih, own.size))
      compare("bias_hh", kind, Vector(own.hh, own.size), Vector(other.hh, own.size))
      return
    }
    // One of them may be the other's sum, which was rounded once, at its own size; where the two were rounded before,
    // at theirs.
    let merges = own.hh != nil || other.hh != nil
    let parts = zip(own.parts, other.parts).map { merges ? max($0, $1) : 0 }
    compare(
      "bias", kind, Vector(own.sum), Vector(other.sum), sums: merges ? format.unitRoundoff : 0,
      parts: parts)
  }

  /// - Parameters:
  ///   - sums: what of every value was rounded when it was made a sum.
  ///   - parts: the size of what was summed.
  private mutating func compare(
    _ name: String, _ gate: GateKind?, _ x: Vector, _ y: Vector, sums: Double = 0, parts: [Double] = []
  ) {
    var result = ComparedParameter(
      name: name, gate: gate, agreement: .exact, count: x.values.count, differing: 0)
    var most = -1.0
    for index in x.values.indices {
      let (a, b) = (x.values[index], y.values[index])
      let difference = (a - b).magnitude
      guard difference != 0 else { continue }
      let size = max(a.magnitude, b.magnitude)
      var bound = (conversion + sums) * size + conversion * (parts.isEmpty ? 0 : parts[index])
      if bound > 0 { bound += format.smallestNormal }
      let isWithin = difference <= bound
      if isWithin {
        result.agreement = max(result.agreement, .rounded)
      } else {
        // The first that is beyond its bound goes before all that are within theirs.
        if result.differing == 0 { most = -1 }
        result.agreement = .different
        result.differing += 1
      }
      guard !isWithin || result.differing == 0, difference > most else { continue }
      most = difference
      result.worst = .init(place: x.place(of: index), first: a, second: b, bound: bound)
    }
    parameters.append(result)
  }
}

/// The elements of a parameter, with places.
private struct Vector {
  let values: [Double]
  private var columns: Int?

  init(_ values: [Double]) { self.values = values }

  init(_ matrix: Matrix<Double>) {
    values = matrix.elements
    columns = matrix.columns
  }

  /// Zeros where there is none.
  init(_ values: [Double]?, _ size: Int) { self.values = values ?? [Double](repeating: 0, count: size) }

  func place(of index: Int) -> [Int] { columns.map { [index / $0, index % $0] } ?? [index] }
}

/// The biases of a gate.
private struct Biases: Equatable {
  let ih: [Double]?
  let hh: [Double]?
  let size: Int

  init(_ gate: Gate<Double>) {
    (ih, hh, size) = (gate.biasIH, gate.biasHH, gate.hiddenSize)
  }

  var isEmpty: Bool { ih == nil && hh == nil }

  private var both: Zip2Sequence<[Double], [Double]> {
    let zeros = [Double](repeating: 0, count: size)
    return zip(ih ?? zeros, hh ?? zeros)
  }

  var sum: [Double] { both.map(+) }

  /// How large what is summed is.
  var parts: [Double] { both.map { $0.magnitude + $1.magnitude } }
}
