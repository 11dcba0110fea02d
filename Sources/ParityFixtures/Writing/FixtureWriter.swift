import HDF5
import Recurrent
import RecurrentParity

/// Writes one case.
struct FixtureWriter {
  private let parityCase: ParityCase
  private let session: WritingSession

  /// - Parameter file: as the caller named it.
  init(_ parityCase: ParityCase, _ file: String) {
    self.parityCase = parityCase
    session = WritingSession(file: file, parityCase)
  }

  func write(to group: Group) throws(FixtureError) {
    let root = WritingNode(group: group, session: session)
    try expectAllRead()
    try root.set("format", "rnn-parity-fixture")
    try root.set("format_version", FormatVersion.two.rawValue)
    try root.set("case", parityCase.name)
    try root.set("description", parityCase.summary)
    try root.set("seed", parityCase.seed)
    let writesInput = parityCase.hasInput
    let features = UsedFeatures(of: parityCase, hasInput: writesInput).features
    if !features.isEmpty { try root.set("requires", features.map(\.rawValue)) }
    if writesInput {
      try root.write("input", parityCase.input)
      try root.write(parityCase.valid)
    }
    try writeReferences(to: try root.child("references"), hasInput: writesInput)
    try session.finish()
    if let failure = session.readFailures.first { throw failure }
  }

  /// What was not understood cannot be written again.
  private func expectAllRead() throws(FixtureError) {
    if let feature = parityCase.unknownFeatures.first {
      throw session.error("/", expected: "only features that this program knows", found: "\"\(feature)\"")
    }
    if let unread = parityCase.unread.first {
      throw session.error(
        unread.path, expected: "nothing that was not read",
        found: "\(unread.kind == .attribute ? "attribute" : "object") \"\(unread.name)\"")
    }
  }

  private func writeReferences(to group: WritingNode, hasInput: Bool) throws(FixtureError) {
    // One object of a file may have several names.
    var written: [(object: RecordedObject, path: String)] = []
    for reference in parityCase.references {
      if let object = reference.object, let known = written.first(where: { $0.object == object }) {
        try group.link(reference.name, to: known.path)
        continue
      }
      let node = try group.child(reference.name)
      if let object = reference.object { written.append((object, node.path)) }
      try node.set("framework", reference.framework)
      try node.set("framework_version", reference.frameworkVersion)
      try node.set("convention", reference.convention.rawValue)
      try node.set("environment", reference.environment)
      let layers = try node.child("layers")
      for (index, layer) in reference.layers.enumerated() {
        let writer = LayerWriter(
          layer: layer, convention: reference.convention, valid: parityCase.valid(in: layer),
          commonFormat: hasInput ? parityCase.inputFormat : nil)
        try writer.write(to: try layers.child(String(index)))
      }
      if let model = reference.model { try ModelWriter(model: model).write(to: try node.child("model")) }
    }
  }
}
