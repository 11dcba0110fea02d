"""The manual page of `parity`."""
