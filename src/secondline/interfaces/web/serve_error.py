"""What may prevent the pages from being served."""


class ServeError(ValueError):
    """An address that others reach, or a port that is taken; the message says what to do."""
