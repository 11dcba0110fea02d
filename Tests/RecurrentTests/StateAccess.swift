import Recurrent

/// A plain cell's only state is h.
extension PassTrace {
  var h: BatchedSequence<S> { states.h }
}

extension Cell {
  func step(x: Matrix<S>, h: Matrix<S>) -> Matrix<S> { step(x: x, State(h: h)).h }
}
