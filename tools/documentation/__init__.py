"""The documentation of the Swift libraries: checked, and made into DocC archives."""
