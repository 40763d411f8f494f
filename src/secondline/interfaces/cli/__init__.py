"""The command line: `secondline verb thing`. Translation only; the desk does the work."""

from secondline.interfaces.cli.app import main

__all__ = ["main"]
