import Foundation

/// What `Fixtures/manifest.json` says of the bundled fixtures.
public struct Manifest: Decodable, Sendable {
  public var files: [Entry]

  public struct Entry: Decodable, Sendable {
    /// Relative to the folder of fixtures.
    public var file: String
    public var `case`: String
    public var bytes: Int
    public var sha256: String
    public var expect: Expectation

    /// Where the file lies.
    public var path: String { Manifest.folder.appending(path: file).path }
  }

  /// What the judge has to say of a fixture. What is absent has to match.
  public struct Expectation: Decodable, Sendable {
    public var verdict: String
    /// The lowered precision that accounts for the run.
    public var precision: String?
    /// Verdicts by name of the reference.
    public var references: [String: String]?
    public var cross: [Cross]?
    /// The layers and directions that are flagged, wherever something is.
    public var flagged: [Place]?
    /// The hypothesis that names a wrong port, by the weights that it should have.
    public var hypothesis: String?
    /// Findings of which any tells what to change: of the run, or of the port by the weights of the first of
    /// `cross`.
    public var named: [String]?
    /// Verdicts of what lies between the layers, by its path in the first reference: `layers/1/input`.
    public var boundaries: [String: String]?
    /// "first processed" where only the step that a pass begins with is flagged.
    public var timesteps: String?
  }

  public struct Cross: Decodable, Sendable {
    public var statesOf: String
    public var weightsOf: String
    public var verdict: String

    enum CodingKeys: String, CodingKey {
      case statesOf = "states_of"
      case weightsOf = "weights_of"
      case verdict
    }
  }

  public struct Place: Decodable, Hashable, Sendable {
    public var layer: Int
    public var direction: String

    public init(layer: Int, direction: String) {
      self.layer = layer
      self.direction = direction
    }
  }
}

extension Manifest {
  /// The folder of bundled fixtures in this checkout.
  public static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures")

  public static func bundled() throws -> Manifest {
    let data = try Data(contentsOf: folder.appending(path: "manifest.json"))
    return try JSONDecoder().decode(Manifest.self, from: data)
  }
}

extension Manifest.Entry: CustomStringConvertible {
  public var description: String { file }
}
