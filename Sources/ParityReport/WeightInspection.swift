/// What a weight file holds.
public struct WeightInspection: Codable, Equatable, Sendable {
  /// An array.
  public struct Tensor: Codable, Equatable, Sendable {
    /// The convention's own name for a layer's, the framework's for any other.
    public var name: String
    /// Where it lies in the file.
    public var path: String
    public var shape: [Int]
    /// "float32"
    public var type: String

    public init(name: String, path: String, shape: [Int], type: String) {
      self.name = name
      self.path = path
      self.shape = shape
      self.type = type
    }
  }

  /// One direction of a layer. What the file does not say is absent.
  public struct Pass: Codable, Equatable, Sendable {
    public var direction: String?
    public var cell: String?
    public var activation: String?
    public var recurrentActivation: String?
    public var outputActivation: String?
    public var resetAfter: Bool?
    public var inputForget: Bool?
    public var clip: Double?
    public var inputSize: Int
    public var hiddenSize: Int
    public var projectionSize: Int?
    public var parameters: Int
    public var tensors: [Tensor]

    public init(
      direction: String?, cell: String?, activation: String?, recurrentActivation: String?,
      outputActivation: String?, resetAfter: Bool?, inputForget: Bool?, clip: Double?, inputSize: Int,
      hiddenSize: Int, projectionSize: Int?, parameters: Int, tensors: [Tensor]
    ) {
      self.direction = direction
      self.cell = cell
      self.activation = activation
      self.recurrentActivation = recurrentActivation
      self.outputActivation = outputActivation
      self.resetAfter = resetAfter
      self.inputForget = inputForget
      self.clip = clip
      self.inputSize = inputSize
      self.hiddenSize = hiddenSize
      self.projectionSize = projectionSize
      self.parameters = parameters
      self.tensors = tensors
    }
  }

  public struct Layer: Codable, Equatable, Sendable {
    public var name: String
    /// The module that it is a layer of; its own name where it is one by itself.
    public var module: String
    public var convention: String
    public var merge: String?
    /// What it reads, in words; absent where the file does not say.
    public var reads: String?
    /// What no formula here has.
    public var otherOptions: [String]
    /// What has to be given where a network is made of it, by the names of `LayerOptions`.
    public var unsaid: [String]
    public var passes: [Pass]

    public init(
      name: String, module: String, convention: String, merge: String?, reads: String?,
      otherOptions: [String],
      unsaid: [String], passes: [Pass]
    ) {
      self.name = name
      self.module = module
      self.convention = convention
      self.merge = merge
      self.reads = reads
      self.otherOptions = otherOptions
      self.unsaid = unsaid
      self.passes = passes
    }
  }

  public var file: String
  /// "keras-model", "safetensors"
  public var format: String
  /// What wrote it, where it says so.
  public var source: String?
  /// Of the recurrent layers.
  public var parameters: Int
  public var layers: [Layer]
  /// What is no recurrent layer's.
  public var others: [Tensor]

  public init(
    file: String, format: String, source: String?, layers: [Layer], others: [Tensor]
  ) {
    self.file = file
    self.format = format
    self.source = source
    parameters = layers.flatMap(\.passes).reduce(0) { $0 + $1.parameters }
    self.layers = layers
    self.others = others
  }

  // MARK: Renderings

  /// For other programs: one value, without a line feed at its end.
  public func json() -> String {
    PrintableJSON.text(of: self)
  }

  /// For a person: the recurrent layers, what the file does not say of them, and the rest.
  public func text() -> String {
    var lines = [
      "\(file) · \(format)" + (source.map { ", \($0)" } ?? "")
        + (conventions.isEmpty ? "" : ", convention \(conventions.joined(separator: " and "))")
        + ", \(parameters) parameters in \(count(layers.count, "recurrent layer"))"
    ]
    if !layers.isEmpty { lines += table.lines(width: .max).map { "  " + $0 } }
    for layer in layers {
      if !layer.unsaid.isEmpty {
        lines.append("  \(layer.name): the file does not say \(layer.unsaid.joined(separator: ", "))")
      }
      if !layer.otherOptions.isEmpty {
        lines.append("  \(layer.name): no formula here has \(layer.otherOptions.joined(separator: ", "))")
      }
    }
    if !others.isEmpty {
      lines.append("  no recurrent layer's:")
      var table = TextTable([("name", .left), ("shape", .left), ("type", .left)])
      for tensor in others { table.add([tensor.name, shape(tensor), tensor.type]) }
      lines += table.lines().dropFirst().map { "    " + $0 }
    }
    return lines.map(\.printable).joined(separator: "\n") + "\n"
  }

  private var conventions: [String] { Set(layers.map(\.convention)).sorted() }

  private var table: TextTable {
    var table = TextTable([
      ("layer", .right), ("name", .left), ("direction", .left), ("cell", .left), ("f", .left),
      ("gates", .left),
      ("I", .right), ("H", .right), ("biases", .left), ("parameters", .right), ("type", .left),
      ("reads", .left),
    ])
    for (index, layer) in layers.enumerated() {
      for pass in layer.passes {
        let biases = pass.tensors.filter { $0.name.contains("bias") || ["b", "bhn", "B"].contains($0.name) }
        let types = Set(pass.tensors.map(\.type)).sorted()
        let isGated = pass.cell != "rnn"
        table.add([
          String(index), layer.name, pass.direction ?? "?", cell(pass), pass.activation ?? "?",
          isGated ? pass.recurrentActivation ?? "?" : "–", String(pass.inputSize), String(pass.hiddenSize),
          biases.isEmpty ? "none" : biases.map(shape).joined(separator: " "),
          String(pass.parameters), types.joined(separator: ", "), layer.reads ?? "?",
        ])
      }
    }
    return table
  }

  /// "gru, reset before", "lstm, P 2"
  private func cell(_ pass: Pass) -> String {
    var words = [pass.cell ?? "?"]
    if pass.cell == "gru" {
      words.append(pass.resetAfter.map { $0 ? "reset after" : "reset before" } ?? "reset ?")
    }
    if let P = pass.projectionSize { words.append("P \(P)") }
    if let clip = pass.clip { words.append("clip \(clip)") }
    if pass.inputForget == true { words.append("f = 1 − i") }
    if let activation = pass.outputActivation { words.append("f(c) \(activation)") }
    return words.joined(separator: ", ")
  }

  private func shape(_ tensor: Tensor) -> String {
    "(" + tensor.shape.map(String.init).joined(separator: ", ") + ")"
  }

  private func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
