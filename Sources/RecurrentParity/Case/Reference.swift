import Recurrent
import RecurrentConventions

/// What one framework computed, with the weights it used.
public struct Reference: Sendable {
  public var name: String
  public var framework: String
  public var frameworkVersion: String
  public var convention: Convention
  /// A JSON object, as recorded.
  public var environment: String?
  /// In the order data flows.
  public var layers: [RecordedLayer]
  /// What is recorded of the model around them; nil where the layers stand alone.
  public var model: ModelRecord?

  package init(
    name: String, framework: String, frameworkVersion: String, convention: Convention,
    environment: String? = nil, layers: [RecordedLayer], model: ModelRecord? = nil
  ) {
    self.name = name
    self.framework = framework
    self.frameworkVersion = frameworkVersion
    self.convention = convention
    self.environment = environment
    self.layers = layers
    self.model = model
  }

  /// The network as the framework ran it, initial states included.
  public var network: Network<Double> {
    Network(
      layers: layers.map { layer in Layer(passes: layer.passes.map(\.run), merge: layer.merge) })
  }
}
