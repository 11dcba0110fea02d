"""Measures how small a fault may be and still be found: by the judge, and by comparisons."""
