"""What a conversion raises."""

from __future__ import annotations


class ConversionError(ValueError):
    """A file that cannot be converted: what was expected of it, and what was found."""

    def __init__(self, file: object, *, expected: str, found: str) -> None:
        super().__init__(f"{file}: expected {expected}; found {found}")
        self.file = str(file)
        self.expected = expected
        self.found = found
