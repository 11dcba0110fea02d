"""Faults that were reported in public, re-created with the real frameworks, and whether the program names them."""
