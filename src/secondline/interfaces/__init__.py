"""Translation between the desk and the outside; no decisions are made here."""
