"""What may prevent a sheet."""


class SheetError(ValueError):
    """A sheet cannot be made or written; the message says what to do."""
