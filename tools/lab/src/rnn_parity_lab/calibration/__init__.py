"""Measures how far honest runs are from their formula, by running and judging many networks.

The thresholds of the verdict are constants that no theory gives. This sweep says how much room they
leave: none of its runs may be flagged.
"""
