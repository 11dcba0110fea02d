"""Whether what `parity convert` writes loads in the target framework and computes the same there."""
