"""Arithmetic on printed figures; no files, no patients."""
