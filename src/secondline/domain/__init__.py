"""Frozen dataclasses and three-valued truth; nothing here imports anything of secondline."""
