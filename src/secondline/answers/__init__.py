"""Question to cited answer: understanding, ranking, planning, composition, verification."""
