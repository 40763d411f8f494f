"""The library held against the literature: where its figures stand, and what is new about it."""
