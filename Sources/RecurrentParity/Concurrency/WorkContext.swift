#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a thread knows of the work that it takes part in: how many processors there are for it, and where it reports
/// what it has done. Threads that join in know the same.
package struct WorkContext: Sendable {
  @TaskLocal package static var current = WorkContext()

  /// The processors that may be kept busy; nil for all.
  package var processors: Int?
  package var counter: WorkCounter?

  package init(processors: Int? = nil, counter: WorkCounter? = nil) {
    self.processors = processors
    self.counter = counter
  }

  /// How many that is.
  var processorCount: Int { max(1, processors ?? ProcessInfo.processInfo.activeProcessorCount) }
}
