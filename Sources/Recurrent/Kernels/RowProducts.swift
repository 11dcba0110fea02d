internal import CProductKernels

/// `x Wᵀ` by the kernel of a scalar type, in the best instruction set of this processor.
func rowProducts<S: Scalar>(
  _ x: Matrix<S>, _ w: Transpose<S>,
  kernel: (InstructionSet, UnsafePointer<S>?, UnsafePointer<S>?, Int, Int, Int, UnsafeMutablePointer<S>?) ->
    Void
) -> Matrix<S> {
  let (rows, columns) = (x.rows, w.matrix.rows)
  let elements = [S](unsafeUninitializedCapacity: rows * columns) { out, count in
    count = rows * columns
    x.elements.withUnsafeBufferPointer { x in
      w.matrix.elements.withUnsafeBufferPointer { w in
        kernel(
          best_instruction_set(), x.baseAddress, w.baseAddress, rows, columns,
          columns == 0 ? 0 : w.count / columns,
          out.baseAddress)
      }
    }
  }
  return Matrix(rows: rows, columns: columns, elements: elements)
}
