/// The version of everything in this repository: the package's tags and the Python package have it from here.
enum Version {
  static let current = "0.1.0"
}
