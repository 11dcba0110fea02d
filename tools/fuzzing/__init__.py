"""Damages fixtures in many ways, and looks whether `parity report` survives them and lets none pass."""
