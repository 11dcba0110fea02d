/// Sums over an array and over every slice of every axis, of what counts.
struct SliceSums {
  private(set) var whole = Sums()
  /// For each axis, of every index along it.
  private(set) var axes: [[Sums]]

  struct Sums {
    var count = 0
    /// Of (a − b)², a² and b².
    var difference = 0.0
    var first = 0.0
    var second = 0.0

    /// The root mean squares.
    var rmsDifference: Double { rms(difference) }
    var rmsFirst: Double { rms(first) }
    var rmsSecond: Double { rms(second) }

    private func rms(_ sum: Double) -> Double { count == 0 ? 0 : (sum / Double(count)).squareRoot() }

    fileprivate mutating func add(_ difference: Double, _ first: Double, _ second: Double) {
      count += 1
      self.difference += difference
      self.first += first
      self.second += second
    }
  }

  /// Where one of the two is not a number: nothing is summed there.
  private(set) var undefinedCount = 0
  private(set) var firstUndefined: Int?
  private let shape: [Int]
  private let counted: [Bool]?

  /// - Parameters:
  ///   - shape: of the arrays, which are row-major.
  ///   - counted: of every index of the first two axes; nil where all count.
  init(shape: [Int], counted: [Bool]?) {
    self.shape = shape
    self.counted = counted
    axes = shape.map { [Sums](repeating: Sums(), count: $0) }
  }

  /// Takes a part of two arrays. Equal infinities are no difference, and no value.
  ///
  /// - Parameter first: where the part begins along the first axis.
  mutating func add(_ a: [Double], _ b: [Double], from first: Int) {
    let width = max(shape.dropFirst(2).reduce(1, *), 1)
    let before = first * shape.dropFirst().reduce(1, *)
    var position = [Int](repeating: 0, count: shape.count)
    if !position.isEmpty { position[0] = first }
    for index in a.indices {
      if counted?[(before + index) / width] ?? true {
        if a[index].isNaN || b[index].isNaN {
          undefinedCount += 1
          firstUndefined = firstUndefined ?? before + index
          position.advance(in: shape)
          continue
        }
        let difference = a[index] == b[index] ? 0 : (a[index] - b[index])
        let (first, second) = (a[index].isFinite ? a[index] : 0, b[index].isFinite ? b[index] : 0)
        let squares = (difference * difference, first * first, second * second)
        whole.add(squares.0, squares.1, squares.2)
        for axis in position.indices { axes[axis][position[axis]].add(squares.0, squares.1, squares.2) }
      }
      position.advance(in: shape)
    }
  }

  /// Every slice that something counts in, the whole first.
  var slices: [(slice: BoundarySlice, sums: Sums)] {
    [(.whole, whole)]
      + axes.enumerated().flatMap { axis, sums in
        sums.enumerated().filter { $0.element.count > 0 }.map {
          (.at(axis: axis, index: $0.offset), $0.element)
        }
      }
  }
}

extension [Int] {
  /// The next position of an array, row-major.
  fileprivate mutating func advance(in shape: [Int]) {
    for axis in indices.reversed() {
      self[axis] += 1
      if self[axis] < shape[axis] { return }
      self[axis] = 0
    }
  }

  /// Where the element of that index lies in an array of this shape.
  func position(of index: Int) -> [Int] {
    var rest = index
    return reversed().map { size in
      defer { rest /= Swift.max(size, 1) }
      return rest % Swift.max(size, 1)
    }.reversed()
  }
}
