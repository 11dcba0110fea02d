import BundledCases
import FixtureManifest
import Foundation
import Testing

@Suite struct ManifestTests {
  @Test("Every file of the manifest is there, to the byte", arguments: try Manifest.bundled().files)
  func present(_ entry: Manifest.Entry) throws {
    let contents = try Data(contentsOf: URL(fileURLWithPath: entry.path))
    #expect(contents.count == entry.bytes)
    #expect(sha256(contents) == entry.sha256)
  }

  /// Files of weights hold no case, and say beside themselves what they are.
  @Test("Every fixture in the folder is in the manifest, once")
  func listed() throws {
    let listed = try Manifest.bundled().files.map(\.file)
    let folder = try #require(FileManager.default.enumerator(atPath: Manifest.folder.path))
    let found = folder.compactMap { $0 as? String }
      .filter { $0.hasSuffix(".h5") && !$0.hasPrefix("weights/") }
    #expect(found.sorted() == listed.sorted())
  }

  @Test("Every fixture holds the case that the manifest says", arguments: try Manifest.bundled().files)
  func caseName(_ entry: Manifest.Entry) throws {
    #expect(try entry.load().name == entry.case)
  }

  @Test("The four topologies are bundled with tanh and ReLU, each as PyTorch and Keras ran them")
  func topologies() throws {
    for topology in ["simplernn", "birnn", "stackedrnn", "stackedbirnn"] {
      for activation in ["tanh", "relu"] {
        let parityCase = try bundled("\(topology)-\(activation)")
        #expect(parityCase.references.map(\.name) == ["keras", "pytorch"])
        for reference in parityCase.references {
          #expect(
            reference.layers.count == (topology.hasPrefix("stacked") ? (topology.contains("bi") ? 2 : 3) : 1))
          for layer in reference.layers {
            #expect(
              layer.passes.map(\.direction) == (topology.contains("bi") ? [.forward, .backward] : [.forward]))
          }
        }
      }
    }
  }

  /// FIPS 180-4, appendix B of its predecessor 180-2, and the empty message.
  @Test(
    "The checksum is SHA-256",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func knownDigest(message: String, digest: String) {
    #expect(sha256(message.utf8) == digest)
  }

  @Test("A checksum of a message of many blocks is right too")
  func longMessage() {
    let million = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
    #expect(sha256(million) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }
}
