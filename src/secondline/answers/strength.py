"""How much a claim makes of the evidence, and whether it calls a question open."""

import re
from collections.abc import Sequence

from secondline.answers.report_words import (
    CURING,
    EXCUSED,
    EXTREME,
    NOT_INFERIOR,
    NOT_SIGNIFICANT,
    SIGNIFICANT,
    STILL_OPEN,
)
from secondline.domain.evidence import Verdict

Found = tuple[Verdict, str]  # a verdict and the reason for it
SIGNIFICANT_P = 0.05


def is_still_open(text: str) -> bool:
    """Say whether a claim calls a study or a question open: ongoing, planned, to be studied."""
    return STILL_OPEN.search(text) is not None


def overclaimed(
    text: str, said: str, p_values: Sequence[float], *, has_small_p: bool = False
) -> Found | None:
    """Say what a claim makes of figures that are right; None where it makes no more of them.

    Args:
        text: the claim.
        said: what the evidence says, with its figures.
        p_values: those that the evidence holds.
        has_small_p: the claim itself gives a P below .05, which the evidence holds.
    """
    if NOT_INFERIOR.search(text):
        return "overstated", "A test that shows no difference shows no equivalence."
    if CURING.search(text) and not CURING.search(said):
        return "overstated", "The figure counts something else than cure."
    if strong := extreme(text, said):
        return "overstated", f'The evidence is weaker than "{strong}".'
    none_small = bool(p_values) and min(p_values) >= SIGNIFICANT_P
    if has_small_p:
        return None
    if _affirms(SIGNIFICANT, text) and (NOT_SIGNIFICANT.search(said) or none_small):
        return "contradicted", "The difference is not significant in the evidence."
    return None


def _affirms(pattern: re.Pattern[str], text: str) -> bool:
    """Say whether a text uses a word without denying it."""
    return any(not EXCUSED.search(text[: match.start()]) for match in pattern.finditer(text))


def extreme(text: str, says: str) -> str:
    """Return the strong word of a claim that the evidence does not use; "" when it has none."""
    for match in EXTREME.finditer(text):
        excused = EXCUSED.search(text[: match.start()])
        if not excused and match[0].lower() not in says.lower():
            return match[0]
    return ""
