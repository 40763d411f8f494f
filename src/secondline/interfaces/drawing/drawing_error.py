"""What goes wrong when a picture is made."""


class DrawingError(ValueError):
    """A picture that cannot be made or written; the message says what to do."""
