import Recurrent
import RecurrentConventions
import RecurrentParity

/// One direction of one layer, as an implementation under test is given it: what to compute with, without the input.
public struct CellUnderTest<Element: ParityElement>: Sendable {
  /// The number of the layer.
  public let layer: Int
  /// The layer's path in the model that was recorded.
  public let name: String
  /// Which way the pass goes through time.
  public let direction: Direction
  /// The weights under the names of the reference's convention, in its shapes.
  public let weights: WeightsUnderTest<Element>
  /// What the pass starts from; zeros where the reference has none.
  public let initialState: InitialState<Element>
  /// How the reference writes a network down.
  public let convention: Convention
  /// The parameters gate by gate, and every option.
  public let cell: Cell<Double>

  /// Which cell.
  public var kind: CellKind { cell.kind }
  /// I
  public var inputSize: Int { cell.inputSize }
  /// H, the width of the gates and of an LSTM's c.
  public var hiddenSize: Int { cell.hiddenSize }
  /// The width of h: H, or P where it is projected.
  public var stateSize: Int { cell.stateSize }
  /// The activation of the new state.
  public var activation: Activation { cell.activation }
  /// Whether the reset gate of a GRU multiplies the recurrent product, and not the state before it. Of no meaning to
  /// other cells.
  public var resetAfter: Bool { if case .gru(let gru) = cell { gru.resetAfter } else { false } }

  /// "layer 0, forward"
  var place: String { "layer \(layer), \(direction.rawValue)" }
}

/// The native weights of one direction of one layer: `weights["weight_ih"]` is `(G·H, I)` in PyTorch's convention,
/// `weights["kernel"]` `(I, G·H)` in Keras's.
public struct WeightsUnderTest<Element: ParityElement>: Sendable {
  private let tensors: [String: ParityTensor<Element>]
  private let place: String

  init(_ tensors: [String: NativeTensor], place: String) throws(ImplementationError) {
    var converted: [String: ParityTensor<Element>] = [:]
    for (name, tensor) in tensors {
      let values = tensor.values.map { Element($0) }
      if let index = values.firstIndex(where: { !$0.isFinite }) {
        throw ImplementationError(
          "\(place): \(name)", expected: "weights that \(Element.self) holds",
          found: "\(tensor.values[index])")
      }
      converted[name] = ParityTensor(shape: tensor.shape, values: values)
    }
    self.tensors = converted
    self.place = place
  }

  /// In alphabetical order.
  public var names: [String] { tensors.keys.sorted() }

  /// A weight that the cell has.
  ///
  /// - Throws: `ImplementationError` where it has none of that name, with the names that there are.
  public subscript(_ name: String) -> ParityTensor<Element> {
    get throws(ImplementationError) {
      guard let tensor = tensors[name] else {
        throw ImplementationError(
          "\(place): weights", expected: "one of \(names.joined(separator: ", "))", found: "\"\(name)\"")
      }
      return tensor
    }
  }

  /// A weight that not every cell has, such as a bias.
  public func ifPresent(_ name: String) -> ParityTensor<Element>? { tensors[name] }
}

/// What a pass starts from.
public struct InitialState<Element: ParityElement>: Sendable {
  /// `(B, H)`, or `(B, P)` where it is projected.
  public let h: ParityTensor<Element>
  /// `(B, H)` of an LSTM; of another cell without values.
  public let c: ParityTensor<Element>

  init(_ state: State<Double>) {
    h = ParityTensor(state.h)
    c = state.c.map { ParityTensor($0) } ?? ParityTensor(shape: [0], values: [])
  }
}

extension ParityTensor {
  fileprivate init(_ matrix: Matrix<Double>) {
    self.init(shape: [matrix.rows, matrix.columns], values: matrix.elements.map { Element($0) })
  }
}

extension CellUnderTest {
  init(_ pass: RecordedPass, layer: Int, name: String, convention: Convention, batch: Int)
    throws(ImplementationError)
  {
    let place = "layer \(layer), \(pass.direction.rawValue)"
    guard pass.cell.formula == convention.formula else {
      throw ImplementationError(
        place, expected: "a cell of the \(convention.formula.rawValue) formula of \(convention.rawValue)",
        found: "one of the \(pass.cell.formula.rawValue) formula")
    }
    let tensors: [String: NativeTensor]
    do { tensors = try convention.tensors(of: pass.cell) } catch {
      throw ImplementationError(place, "\(error)")
    }
    self.init(
      layer: layer, name: name, direction: pass.direction,
      weights: try WeightsUnderTest(tensors, place: place),
      initialState: InitialState(pass.initialState ?? pass.cell.zeroState(batch: batch)),
      convention: convention, cell: pass.cell)
  }
}
