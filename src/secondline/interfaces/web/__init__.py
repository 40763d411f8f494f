"""The web pages. Translation only; the desk does the work."""
