// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "rnn-parity",
  platforms: [.macOS(.v14)],
  products: [
    .executable(name: "parity", targets: ["ParityCommand"]),
    .library(name: "Recurrent", targets: ["Recurrent"]),
    .library(name: "RecurrentParity", targets: ["RecurrentParity", "RecurrentConventions", "ParityReport"]),
    .library(name: "ParityFixtures", targets: ["ParityFixtures"]),
    .library(name: "NativeWeights", targets: ["NativeWeights", "Recurrent", "RecurrentConventions"]),
    .library(name: "ParityTesting", targets: ["ParityTesting"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.0.3"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.0"),
  ],
  targets: [
    .systemLibrary(
      name: "CHDF5", pkgConfig: "hdf5",
      providers: [.apt(["libhdf5-dev"]), .brew(["hdf5"])]),
    .target(name: "HDF5", dependencies: ["CHDF5"]),
    .target(name: "CProductKernels"),
    .target(
      name: "Recurrent",
      dependencies: ["CProductKernels", .product(name: "RealModule", package: "swift-numerics")]),
    .target(name: "RecurrentConventions", dependencies: ["Recurrent"]),
    .target(
      name: "RecurrentParity",
      dependencies: [
        "CProductKernels", "Recurrent", "RecurrentConventions",
        .product(name: "RealModule", package: "swift-numerics"),
      ]),
    .target(
      name: "ParityFixtures", dependencies: ["HDF5", "Recurrent", "RecurrentConventions", "RecurrentParity"]),
    .target(
      name: "ParityReport",
      dependencies: [
        "Recurrent", "RecurrentConventions", "RecurrentParity",
        .product(name: "RealModule", package: "swift-numerics"),
      ]),
    .target(
      name: "NativeWeights",
      dependencies: ["HDF5", "ParityFixtures", "Recurrent", "RecurrentConventions", "RecurrentParity"]),
    .target(
      name: "ParityHTML",
      dependencies: [
        "ParityReport", "Recurrent", "RecurrentConventions", "RecurrentParity",
        .product(name: "Mustache", package: "swift-mustache"),
        .product(name: "RealModule", package: "swift-numerics"),
      ]),
    .target(
      name: "ParityTesting",
      dependencies: [
        "ParityFixtures", "ParityHTML", "ParityReport", "Recurrent", "RecurrentConventions",
        "RecurrentParity",
      ]),
    .executableTarget(
      name: "ParityCommand",
      dependencies: [
        "HDF5", "NativeWeights", "ParityFixtures", "ParityHTML", "ParityReport", "Recurrent",
        "RecurrentConventions", "RecurrentParity",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .testTarget(
      name: "ParityTestingTests",
      dependencies: [
        "FixtureEditing", "FixtureManifest", "HDF5", "ParityFixtures", "ParityReport", "ParityTesting",
        "Recurrent",
      ]),
    .testTarget(name: "HDF5Tests", dependencies: ["HDF5", "CHDF5"]),
    .testTarget(name: "RecurrentTests", dependencies: ["Recurrent", "RandomNetworks"]),
    .testTarget(name: "CProductKernelsTests", dependencies: ["CProductKernels", "RandomNetworks"]),
    .testTarget(
      name: "RecurrentConventionsTests",
      dependencies: ["Recurrent", "RecurrentConventions", "RandomNetworks"]),
    .testTarget(
      name: "RecurrentParityTests",
      dependencies: [
        "BundledCases", "CProductKernels", "FixtureEditing", "FixtureManifest", "ParityReport",
        "RandomNetworks", "Recurrent", "RecurrentConventions", "RecurrentParity",
      ]),
    .testTarget(
      name: "ParityFixturesTests",
      dependencies: [
        "BundledCases", "FixtureEditing", "FixtureManifest", "HDF5", "ParityFixtures", "ParityReport",
        "RandomNetworks", "Recurrent", "RecurrentConventions", "RecurrentParity",
      ]),
    .testTarget(
      name: "NativeWeightsTests",
      dependencies: [
        "HDF5", "NativeWeights", "RandomNetworks", "Recurrent", "RecurrentConventions", "RecurrentParity",
      ]),
    // As another package sees this one.
    .testTarget(
      name: "InMemoryTests",
      dependencies: [
        "NativeWeights", "ParityFixtures", "ParityReport", "Recurrent", "RecurrentConventions",
        "RecurrentParity",
      ],
      packageAccess: false),
    .target(
      name: "BundledCases",
      dependencies: ["FixtureManifest", "ParityFixtures", "Recurrent", "RecurrentParity"],
      path: "Tests/Support/BundledCases"),
    .target(name: "RandomNetworks", dependencies: ["Recurrent"], path: "Tests/Support/RandomNetworks"),
    .target(name: "FixtureEditing", dependencies: ["HDF5", "CHDF5"], path: "Tests/Support/FixtureEditing"),
    .target(name: "FixtureManifest", path: "Tests/Support/FixtureManifest"),
    .target(name: "ReportContract", path: "Tests/Support/ReportContract"),
    .testTarget(
      name: "ParityCommandTests",
      dependencies: [
        "ParityCommand", "HDF5", "NativeWeights", "ParityReport", "RecurrentConventions", "FixtureEditing",
        "ReportContract",
      ]),
    .testTarget(
      name: "ParityHTMLTests", dependencies: ["ParityHTML", "ParityReport", "RecurrentParity"]),
    .testTarget(
      name: "ParityReportTests", dependencies: ["ParityReport", "RecurrentParity", "ReportContract"]),
  ],
  swiftLanguageModes: [.v6]
)
