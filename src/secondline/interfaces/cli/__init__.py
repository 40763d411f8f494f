"""The command line: `secondline verb thing`. Translation only; the desk does the work."""

from secondline.interfaces.cli.entry import main

__all__ = ["main"]
