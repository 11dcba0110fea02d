// What the signatures of this module name, and nothing else: a test file imports a network of its own besides, whose
// `Layer` or `Matrix` must not become ambiguous.
@_exported import enum ParityReport.FailureThreshold
@_exported import struct ParityReport.Report
@_exported import enum Recurrent.Activation
@_exported import enum Recurrent.Cell
@_exported import enum Recurrent.CellKind
@_exported import enum Recurrent.Direction
@_exported import enum Recurrent.MergeMode
@_exported import struct Recurrent.ValidSteps
@_exported import enum RecurrentConventions.Convention
@_exported import enum RecurrentParity.DeclaredPrecision
@_exported import struct RecurrentParity.ParityCase
@_exported import struct RecurrentParity.Tolerance
