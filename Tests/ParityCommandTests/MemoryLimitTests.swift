import HDF5
import NativeWeights
import RecurrentConventions
import Testing

@testable import ParityCommand

/// The memory that a worker has if nobody says how much.
@Suite struct MemoryLimitTests {
  private static let conversion = WorkerTask.Work.convert(
    ConversionTask(
      to: .keras, as: .kerasWeights, reference: nil, output: SystemPath("a.weights.h5"), layerNames: [],
      said: .init()))

  @Test(
    "67 million parameters of 2 bytes or 4 have what was measured that converting them takes, 53 bytes each")
  func large() {
    let parameters = 67_000_000
    for work in [Self.conversion, .compareWeights([], .terminal)] {
      for bytesPerParameter in [2, 4] {
        #expect(MemoryLimit(nil, weights: [bytesPerParameter * parameters], work).bytes > 53 * parameters)
      }
    }
  }

  @Test("Files that are held at a time are asked for together")
  func together() {
    let work = WorkerTask.Work.compareWeights([], .terminal)
    let one = MemoryLimit(nil, weights: [1 << 30], work).bytes
    #expect(MemoryLimit(nil, weights: [1 << 30, 1 << 30], work).bytes == 2 * one)
  }

  @Test("Small weights have the usual limit, what the user says goes before, and no size overflows")
  func bounds() {
    for work in [Self.conversion, .inspect(.terminal)] {
      #expect(MemoryLimit(nil, weights: [], work).bytes == 1 << 30)
      #expect(MemoryLimit(nil, weights: [1000], work).bytes == 1 << 30)
      #expect(MemoryLimit(64 << 20, weights: [1 << 40], work).bytes == 64 << 20)
      #expect(MemoryLimit(nil, weights: [.max / 2, .max], work).bytes == .max)
    }
  }

  @Test("What was to be done with the file is what is said not to have been done")
  func words() {
    for (work, word) in [(Self.conversion, "converted"), (.compareWeights([], .terminal), "compared")] {
      let end = WorkerEnd(
        end: .init(way: .signal(6), peak: 1 << 30), cause: nil,
        stage: .computing(memoryLimit: ByteSize(bytes: 1 << 30)), work: work, complaint: [])
      let error = "\(end.error(files: [SystemPath("a.h5")]))"
      #expect(error.contains("not \(word): it takes more memory than the limit of 1GiB"), "\(error)")
    }
  }
}
