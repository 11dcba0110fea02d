// swift-tools-version: 6.1
import PackageDescription

// A package as a user has it: networks of its own, held against what PyTorch and Keras computed.
let package = Package(
  name: "Examples",
  platforms: [.macOS(.v14)],
  dependencies: [.package(name: "rnn-parity", path: "..")],
  targets: [
    .target(name: "Networks"),
    .target(
      name: "TrainedNetworks",
      dependencies: [
        .product(name: "NativeWeights", package: "rnn-parity"),
        .product(name: "Recurrent", package: "rnn-parity"),
      ]),
    .testTarget(
      name: "ExampleTests",
      dependencies: ["Networks", .product(name: "ParityTesting", package: "rnn-parity")]),
    .testTarget(
      name: "Swift5Tests",
      dependencies: ["Networks", .product(name: "ParityTesting", package: "rnn-parity")],
      swiftSettings: [.swiftLanguageMode(.v5)]),
    // Every test in here must fail: tools/test-examples sees to it.
    .testTarget(
      name: "MustFailTests",
      dependencies: ["Networks", .product(name: "ParityTesting", package: "rnn-parity")]),
    // Must end with an error: there is no test to fail.
    .executableTarget(
      name: "OutsideOfTests", dependencies: [.product(name: "ParityTesting", package: "rnn-parity")]),
  ]
)
