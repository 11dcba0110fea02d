"""Measures how fast the program is, as ratios to peers that are measured in the same run."""
