"""How much a claim makes of the evidence: its direction, its strength, and what it leaves open."""

import re
from collections.abc import Sequence

from secondline.answers.report_words import (
    BAD,
    CURING,
    EQUAL,
    EXCUSED,
    EXTREME,
    GOOD,
    JUDGED,
    NOT_INFERIOR,
    NOT_SIGNIFICANT,
    OPEN,
    SIGNIFICANT,
    STILL_OPEN,
    WEAKER,
)
from secondline.answers.sentences import Sentence
from secondline.domain.evidence import Verdict

Found = tuple[Verdict, str]  # a verdict and the reason for it
SIGNIFICANT_P = 0.05


def is_still_open(text: str) -> bool:
    """Say whether a claim calls a study or a question open: ongoing, planned, to be studied."""
    return STILL_OPEN.search(text) is not None


def overclaimed(text: str, said: str, p_values: Sequence[float]) -> Found | None:
    """Say what a claim makes of figures that are right; None where it makes no more of them.

    Args:
        text: the claim.
        said: what the evidence says, with its figures.
        p_values: those that the evidence holds.
    """
    if NOT_INFERIOR.search(text):
        return "overstated", "A test that shows no difference shows no equivalence."
    if CURING.search(text) and not CURING.search(said):
        return "overstated", "The figure counts something else than cure."
    if strong := _extreme(text, said):
        return "overstated", f'The evidence is weaker than "{strong}".'
    none_small = bool(p_values) and min(p_values) >= SIGNIFICANT_P
    if _affirms(SIGNIFICANT, text) and (NOT_SIGNIFICANT.search(said) or none_small):
        return "contradicted", "The difference is not significant in the evidence."
    return None


def weighed(claim: Sentence, says: Sequence[Sentence]) -> Found | None:
    """Hold the direction and the strength of a claim against the nearest statements.

    Args:
        claim: the claim, one without figures.
        says: what the nearest statements say, the nearest first.

    Returns:
        A verdict with its reason; None where the claim says no more than they do.
    """
    text, best = claim.text, says[0]
    if NOT_INFERIOR.search(text):
        return "overstated", "A test that shows no difference shows no equivalence. The nearest:"
    if EQUAL.search(text) and WEAKER.search(best.text):
        return "contradicted", "The evidence says otherwise:"
    denied = {label[3:] for label in best.labels if label.startswith("no:")} - best.labels
    if denied & claim.labels & JUDGED:
        return "contradicted", "The evidence denies it:"
    if _affirms(SIGNIFICANT, text) and NOT_SIGNIFICANT.search(best.text):
        return "contradicted", "The difference is not significant in the evidence:"
    own, signs = _sign(claim), [_sign(each) for each in says]
    if own and own not in signs and signs.count(-own) > len(signs) / 2:
        return "contradicted", "The evidence says otherwise:"
    if strong := _extreme(text, " ".join(each.text for each in says)):
        return "overstated", f'The evidence is weaker than "{strong}":'
    return None


def _affirms(pattern: re.Pattern[str], text: str) -> bool:
    """Say whether a text uses a word without denying it."""
    return any(not EXCUSED.search(text[: match.start()]) for match in pattern.finditer(text))


def _extreme(text: str, says: str) -> str:
    """Return the strong word of a claim that the evidence does not use; "" when it has none."""
    for match in EXTREME.finditer(text):
        excused = EXCUSED.search(text[: match.start()])
        if not excused and match[0].lower() not in says.lower():
            return match[0]
    return ""


def _sign(sentence: Sentence) -> int:
    """Return 1 for a favorable saying, -1 for an unfavorable one or a denied gain, else 0."""
    labels = sentence.labels
    good, bad = labels & GOOD, labels & BAD
    denied = {label[3:] for label in labels if label.startswith("no:")} & GOOD
    if labels & OPEN:
        return 0
    if good and not bad and not denied:
        return 1
    return -1 if (bad or denied) and not good else 0
