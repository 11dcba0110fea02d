import Recurrent
import RecurrentConventions
import RecurrentParity

extension Sides {
  /// The line that puts gate blocks into their right order, of the side that is to be mended; nil where its convention
  /// does not pack them, or where the order is none of its cell.
  func reorderingLine(_ block: GateOrderWords.Block) -> Mending? {
    let side = departing ?? run
    guard let axis = side.convention.gateAxis.map({ "axis=\($0)" }) else { return nil }
    let stored = declared.convention.gateOrder(declared.cell.kind)
    // Stored block k, which is declared to be gate stored[k], was used as gate taken[k].
    let taken = block.letters.compactMap { letter in
      stored.first { declared.convention.letter($0) == String(letter) }
    }
    guard taken.count == stored.count, stored.count > 1 else { return nil }
    let isRunRight = arePort && original == run.name
    let own = side.convention.gateOrder(side.cell.kind)
    // Where the run's own array has which gate: what it uses as own[p] is declared to be held[p].
    let held = isRunRight ? taken : own.compactMap { gate in taken.firstIndex(of: gate).map { stored[$0] } }
    let order = own.compactMap { held.firstIndex(of: $0) }
    guard order.count == own.count else { return nil }
    let indices = order.map(String.init).joined(separator: ", ")
    return Mending(
      framework: side.convention.title,
      text:
        "w = np.concatenate([np.split(w, \(own.count), \(axis))[k] for k in (\(indices))], \(axis)), w being "
        + GateOrderWords([block], of: self).tensors)
  }
}
