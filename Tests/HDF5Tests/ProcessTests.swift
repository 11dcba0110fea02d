import CHDF5
import Foundation
import HDF5
import Testing

#if compiler(>=6.2)
  /// What only shows in a process of its own.
  @Suite struct ProcessTests {
    @Test("HDF5 prints nothing by itself, on any thread")
    func silence() async throws {
      let result = await #expect(
        processExitsWith: .success, observing: [\.standardErrorContent, \.standardOutputContent]
      ) {
        let scratch = try Scratch()
        try Data("no HDF5".utf8).write(to: URL(fileURLWithPath: scratch.path()))
        _ = try? File(reading: scratch.path())
        let file = try scratch.file { try $0.write("x", [1] as [Float], shape: [1]) }
        await withTaskGroup { group in
          for _ in 0..<8 {
            group.addTask {
              _ = try? file.root.createGroup("x")
              _ = try? file.root.dataset("absent")
              _ = try? file.root.dataset("x").read(as: Float.self, rows: 5..<6)
            }
          }
        }
        try file.close()
        _ = try? file.root.names()
        _ = try? file.root.attribute("x")
      }
      #expect(String(decoding: result?.standardErrorContent ?? [], as: UTF8.self) == "")
    }

    @Test("A process ends silently though calls failed on threads that live on")
    func silentEnd() async throws {
      let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
        @Sendable func work() throws {
          let scratch = try Scratch()
          let file = try File(creating: scratch.path())
          let group = try file.root.createGroup("g")
          try file.close()
          #expect(throws: HDF5Error.self) { try group.names() }
        }
        let done = DispatchSemaphore(value: 0)
        for _ in 0..<4 {
          Thread {
            #expect(throws: Never.self) { try work() }
            done.signal()
            Thread.sleep(forTimeInterval: 60)
          }.start()
        }
        for _ in 0..<4 { done.wait() }
        exit(EXIT_SUCCESS)
      }
      // `exit`, unlike the end of the test's body, has HDF5 close; it leaves a mark of the testing library.
      let errors = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      #expect(!errors.contains("HDF5"), "\(errors)")
    }

    @Test("HDF5's own printing is as it was after a call")
    func printingRestored() async throws {
      await #expect(processExitsWith: .success) {
        let scratch = try Scratch()
        var before: H5E_auto2_t?
        var after: H5E_auto2_t?
        H5Eget_auto2(0, &before, nil)
        _ = try? File(reading: scratch.path())
        H5Eget_auto2(0, &after, nil)
        #expect(before != nil)
        #expect((before == nil) == (after == nil))
      }
    }

    @Test("Nothing is left open, neither after reading and writing nor after errors")
    func leaks() async throws {
      await #expect(processExitsWith: .success) {
        @Sendable func work() throws {
          let scratch = try Scratch()
          let file = try scratch.file {
            try $0.write("g/x", [1, 2] as [Float], shape: [2], storage: .gzip(chunk: [2], level: 6))
            try $0.write("s", ["a", "b"], shape: [2])
            try $0.setAttribute("yes", true)
            try $0.setAttribute("text", ["a"], as: StringFormat(fixedLength: 4))
            try $0.createSoftLink("soft", to: "g")
            try $0.createExternalLink("outside", toFile: "other.h5", path: "/")
            _ = try? $0.write("g", ["a"], shape: [1])
          }
          _ = try file.root.dataset("soft/x").read(as: Float.self, rows: 0..<1)
          _ = try file.root.dataset("s").readStrings()
          _ = try file.root.attribute("yes")?.bool()
          _ = try file.root.attribute("text")?.strings()
          _ = try? file.root.dataset("outside/x")
          _ = try? file.root.dataset("s").read(as: Float.self)
          _ = try? File(reading: scratch.path("absent.h5"))
        }
        for _ in 0..<3 { try work() }
        #expect(Library.shared.openCounts == (byUs: 0, byHDF5: 0))
        let scratch = try Scratch()
        let file = try File(creating: scratch.path())
        #expect(Library.shared.openCounts.byUs > 0 && Library.shared.openCounts.byHDF5 > 0)
        try file.close()
        #expect(Library.shared.openCounts.byHDF5 == 0)
      }
    }
  }
#endif
