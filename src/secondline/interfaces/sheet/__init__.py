"""The sheet: one page for a tumor board, as PDF, from an assessment or an answer."""
