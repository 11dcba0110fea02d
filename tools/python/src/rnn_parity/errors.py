"""What recorders raise: every error names the module, what was expected there and what was found."""

from __future__ import annotations


class RecordingError(ValueError):
    """A model, or a file, that cannot be recorded or read as it is."""

    def __init__(self, module: str, *, expected: str, found: str) -> None:
        super().__init__(f"{module}: expected {expected}; found {found}")
        self.module = module
        """Path of the module in the model, or of the file and the object in it."""
        self.expected = expected
        self.found = found


class UnsupportedModule(RecordingError):
    """Something recurrent that cannot be observed. `ignore=[path]` records the rest of the model."""

    def __init__(self, module: str, *, expected: str, found: str) -> None:
        super().__init__(module, expected=f'{expected}, or ignore=["{module}"]', found=found)


class UnknownModule(RecordingError):
    """A path that was named by the user and that the model does not have."""
