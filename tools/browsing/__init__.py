"""Looks at the report in a browser."""
