"""What prevents the house from being drawn."""


class SetupError(Exception):
    """The house can't be drawn; the message says what was expected and what was found."""
