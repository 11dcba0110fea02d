import RecurrentParity

extension [FindingReport] {
  /// Whether the run declares what no formula here has: nothing that is computed by one says anything of it.
  var nameForeignOptions: Bool {
    contains { $0.kind == "not-judged" && $0.name == UnjudgedReason.options([]).name }
  }
}

extension LayerReport {
  /// Without the figures that hold the run against a formula that is not its own.
  var withoutForeignFigures: LayerReport {
    guard findings.nameForeignOptions else { return self }
    var layer = self
    let unknown = Number(.nan)
    layer.stepwise = StepwiseReport(
      maxResidual: unknown, maxBoundRatio: unknown, effectiveRoundoffRms: unknown,
      maxEffectiveRoundoff: unknown, effectivePrecisionBits: unknown)
    layer.freeRunning.maxAbs = unknown
    layer.freeRunning.referenceToExact = unknown
    layer.freeRunning.swiftToExact = unknown
    layer.freeRunning.growthPerStep = nil
    for index in layer.timesteps.indices {
      layer.timesteps[index].maxResidual = unknown
      layer.timesteps[index].maxBoundRatio = unknown
      layer.timesteps[index].effectiveRoundoffRms = unknown
      layer.timesteps[index].freeRunningMaxAbs = unknown
    }
    return layer
  }
}

extension CaseReport {
  package var withoutForeignFigures: CaseReport {
    var entry = self
    for reference in references.indices {
      entry.references[reference].layers = references[reference].layers.map(\.withoutForeignFigures)
    }
    return entry
  }
}
