"""Faults that were reported in public, made again with real frameworks."""
