import Recurrent
import RecurrentConventions
import RecurrentParity

extension CellDescription {
  /// The cell as a layer's attributes describe it, but for its input size.
  init(_ node: FixtureNode) throws(FixtureError) {
    let kind = try node.choice("cell", of: CellKind.allCases)
    let hiddenSize = try node.size("hidden_size", try node.int("hidden_size"))
    let projection = try node.optionalInt("projection_size") ?? 0
    guard projection == 0 || kind == .lstm else {
      throw node.error(
        attribute: "projection_size", expected: "0 for cell \"\(kind.rawValue)\"", found: "\(projection)")
    }
    self.init(
      kind: kind, inputSize: 0, hiddenSize: hiddenSize, activation: try node.activation(.own) ?? .tanh,
      recurrentActivation: try node.activation(.recurrent) ?? .sigmoid,
      resetAfter: try node.optionalBool("reset_after") ?? true,
      projectionSize: projection == 0 ? nil : try node.size("projection_size", projection))
    guard node.session.version == .two else { return }
    outputActivation = try node.outputActivation(of: kind)
    clip = try node.clip()
    inputForget = try node.optionalBool("input_forget") ?? false
    guard !inputForget || kind == .lstm else {
      throw node.error(
        attribute: "input_forget", expected: "false for cell \"\(kind.rawValue)\"", found: "true")
    }
  }

  /// The cell of one direction, whose group may say something else than the layer.
  func overridden(by node: FixtureNode) throws(FixtureError) -> CellDescription {
    guard node.session.version == .two else { return self }
    var description = self
    description.activation = try node.activation(.own) ?? activation
    description.recurrentActivation = try node.activation(.recurrent) ?? recurrentActivation
    description.outputActivation = try node.outputActivation(of: kind) ?? outputActivation
    return description
  }
}

extension FixtureNode {
  fileprivate func size(_ name: String, _ value: Int) throws(FixtureError) -> Int {
    guard 1...(1 << 24) ~= value else {
      throw error(attribute: name, expected: "1 to \(1 << 24)", found: "\(value)")
    }
    return value
  }

  /// Nil where the group does not name one.
  fileprivate func activation(_ place: ActivationPlace) throws(FixtureError) -> Activation? {
    let prefix = place.rawValue
    let isSecond = session.version == .two
    let alpha = isSecond ? try optionalDouble(prefix + "alpha") : nil
    let beta = isSecond ? try optionalDouble(prefix + "beta") : nil
    guard try hasAttribute(prefix + "activation") else {
      for (name, value) in [("alpha", alpha), ("beta", beta)] {
        guard let value else { continue }
        throw error(
          attribute: prefix + name, expected: "\(prefix)activation beside it", found: "\(value) alone")
      }
      return nil
    }
    let name = try choice(
      prefix + "activation", of: isSecond ? ActivationName.allCases : place.firstNames)
    do { return try Activation(name, alpha: alpha, beta: beta) } catch {
      throw self.error(
        attribute: prefix + error.parameter.rawValue, expected: error.expected, found: error.found)
    }
  }

  fileprivate func outputActivation(of kind: CellKind) throws(FixtureError) -> Activation? {
    guard let activation = try activation(.output) else { return nil }
    guard kind == .lstm else {
      throw error(
        attribute: "output_activation", expected: "nothing for cell \"\(kind.rawValue)\"",
        found: "\"\(activation.name?.rawValue ?? activation.description)\"")
    }
    return activation
  }

  fileprivate func clip() throws(FixtureError) -> Double? {
    guard let clip = try optionalDouble("clip") else { return nil }
    guard clip > 0 else {
      throw error(attribute: "clip", expected: "a number above 0", found: "\(clip)")
    }
    return clip
  }
}
