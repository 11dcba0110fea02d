import Recurrent
import RecurrentConventions

/// What one framework computed, with the weights it used.
public struct Reference: Sendable {
  /// Its name in the file.
  public package(set) var name: String
  /// The framework that computed it, as the file says.
  public package(set) var framework: String
  /// That framework's version, as the file says.
  public package(set) var frameworkVersion: String
  /// How its weights are written down.
  public package(set) var convention: Convention { didSet { object = nil } }
  /// A JSON object, as recorded.
  public package(set) var environment: String?
  /// In the order data flows.
  public package(set) var layers: [RecordedLayer] { didSet { object = nil } }
  /// What is recorded of the model around them; nil where the layers stand alone.
  public package(set) var model: ModelRecord? { didSet { object = nil } }
  /// What references have in common that are one object of a file under several names, so that they are judged once;
  /// nil once anything is changed.
  package private(set) var object: RecordedObject?

  /// What is known to be consistent.
  package init(
    name: String, framework: String, frameworkVersion: String, convention: Convention, environment: String?,
    layers: [RecordedLayer], model: ModelRecord?, object: RecordedObject?
  ) {
    self.name = name
    self.framework = framework
    self.frameworkVersion = frameworkVersion
    self.convention = convention
    self.environment = environment
    self.layers = layers
    self.model = model
    self.object = object
  }

  /// The network as the framework ran it, initial states included.
  public var network: Network<Double> {
    Network(
      layers: layers.map { layer in Layer(passes: layer.passes.map(\.run), merge: layer.merge) })
  }
}

/// An object of a file, which is itself and no other.
package final class RecordedObject: Hashable, Sendable {
  package init() {}

  package static func == (a: RecordedObject, b: RecordedObject) -> Bool { a === b }

  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
