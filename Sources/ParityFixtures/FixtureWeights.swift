import HDF5

/// How large the parameters in a fixture are, from the shapes alone.
public enum FixtureWeights {
  /// The bytes that they take in the file's own types, each dataset counted once however many names lead to it; what
  /// cannot be read counts nothing.
  public static func bytes(inFileAt path: SystemPath) -> Int {
    Library.shared.session { () throws(Never) in
      guard let references = try? File(reading: path).root.group("references") else { return 0 }
      var datasets: [UInt64: Int] = [:]
      for reference in references.groups {
        for layer in (try? reference.group("layers"))?.groups ?? [] {
          for direction in layer.groups {
            guard let weights = try? direction.group("weights") else { continue }
            for dataset in weights.datasets { datasets[dataset.address] = dataset.byteCount ?? 0 }
          }
        }
      }
      return datasets.values.reduce(0) { $0.addingReportingOverflow($1).overflow ? .max : $0 + $1 }
    }
  }
}

extension Group {
  fileprivate var groups: [Group] { ((try? names()) ?? []).compactMap { try? group($0) } }
  fileprivate var datasets: [Dataset] { ((try? names()) ?? []).compactMap { try? dataset($0) } }
}
