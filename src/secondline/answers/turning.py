"""Words that a claim affirms and a statement denies or leaves out, or the other way round."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from secondline.answers.denials import Denials
from secondline.answers.report_words import GENERAL, LIGHT
from secondline.answers.said import Claimed, Said, Told
from secondline.answers.words import stems

SMALL = LIGHT | frozenset(stems(["between", "among", "during", "both", "either"]))
CHOOSING = {"instead", "rather", "than", "versus", "vs"}  # who had which is told by both
THE_VERY_WORDS = 0.8  # of the words of a claim stand in the statement in the same order


@dataclass(frozen=True, slots=True)
class Bearing:
    """How a statement stands to a claim.

    Attributes:
        how: it bears it out, says otherwise, says it of a part of the patients or with less force
            (weaker), denies something else than the claim does (unclear), or does not say it.
        because: the words of the claim that decide; "" where it is borne out.
    """

    how: Literal["borne out", "refuted", "unclear", "of a part", "weaker", "unsaid"]
    because: str = ""


def denied(claim: Claimed, said: Said) -> Iterator[Bearing]:
    """Yield words that the claim affirms and the statement only denies, or the other way round."""
    mine, its = claim.told.denials, nearest_text(claim, said).denials
    turned = (mine.affirmed - mine.denied - mine.absent) & (its.denied - its.affirmed)
    turned |= (mine.denied - mine.affirmed) & (its.affirmed - its.denied - its.absent)
    yield from _turned(turned, claim, mine, its)


def absent(claim: Claimed, said: Said) -> Iterator[Bearing]:
    """Yield what the one speaks of and the other says is absent: prior radiotherapy, and none."""
    text = nearest_text(claim, said)
    mine, its = claim.told.denials, text.denials
    if (mine.absent & its.absent) and text.is_insignificant and not claim.told.is_insignificant:
        yield Bearing("weaker", "no")  # "no significant difference" is less than no difference
    yield from _turned(_otherwise(mine, its), claim, mine, its)


def left_out(claim: Claimed, said: Said) -> Iterator[Bearing]:
    """Yield what a claim speaks of and the statement only excludes; treatments are among it.

    Who had which treatment may be told by both: then it is a comparison, and nothing is excluded.
    """
    text = nearest_text(claim, said)
    mine, its = claim.told.denials, text.denials
    everywhere = [each.denials for each in (*said.texts, said.whom)]
    affirmed = frozenset().union(*(each.affirmed for each in everywhere))
    excluded = frozenset().union(*(each.absent for each in everywhere)) - affirmed
    found = (mine.affirmed - mine.absent - mine.denied) & excluded - SMALL - GENERAL
    if CHOOSING.isdisjoint(claim.told.words) or CHOOSING.isdisjoint(text.words):
        found |= _otherwise(mine, its) & treatments(claim)
    for stem in sorted(found):
        yield Bearing("unsaid", _as_told(stem, claim))


def _otherwise(mine: Denials, its: Denials) -> frozenset[str]:
    """Return what the one affirms and the other says is absent."""
    turned = (mine.affirmed - mine.absent - mine.denied) & (its.absent - its.affirmed)
    return turned | (mine.absent - mine.affirmed) & (its.affirmed - its.absent - its.denied)


def marked_otherwise(claim: Claimed, said: Said) -> Iterator[Bearing]:
    """Yield words with a denial right before them in the one, and none that reaches the other.

    Where the very words stand in the statement otherwise, it says the opposite.
    """
    mine, its = claim.told.denials, nearest_text(claim, said).denials
    own, there = [stem for stem, _ in mine.marked], [stem for stem, _ in its.marked]
    blocks = SequenceMatcher(None, own, there, autojunk=False).get_matching_blocks()
    pairs = {b.a + i: b.b + i for b in blocks for i in range(b.size)}
    same = len(pairs) >= THE_VERY_WORDS * len(own)
    counts = Counter(own), Counter(there)
    for place, stem in enumerate(own):
        if place not in pairs and counts[0][stem] == counts[1][stem] == 1:
            pairs[place] = there.index(stem)
    turned = [
        own[place]
        for place, other in sorted(pairs.items())
        if own[place] not in SMALL | GENERAL
        and mine.marked[place][1] != its.marked[other][1]
        and not (its.within[other] if mine.marked[place][1] else mine.within[place])
    ]
    for stem in turned:
        opposite = same and len(turned) == 1
        yield Bearing("refuted" if opposite else "unsaid", _as_told(stem, claim))


def _turned(
    turned: frozenset[str], claim: Claimed, mine: Denials, its: Denials
) -> Iterator[Bearing]:
    """Yield what is turned; where both deny something, whether it is the same is not sure."""
    if left := turned - treatments(claim) - SMALL:
        both = (mine.denied | mine.absent) and (its.denied | its.absent)
        yield Bearing("unclear" if both else "refuted", _as_told(min(left), claim))


def _as_told(stem: str, claim: Claimed) -> str:
    """Return the word of a claim that has a stem; the stem where none has it."""
    return next((word for word in claim.told.words if stem in stems([word])), stem)


def treatments(claim: Claimed) -> frozenset[str]:
    """Return the stems by which a claim names treatments: who had which is compared, not denied."""
    return frozenset(
        stem
        for words, concepts in claim.sentence.names
        if any(concept.kind in {"regimen", "drug"} for concept in concepts)
        for stem in stems(list(words))
    )


def nearest_text(claim: Claimed, said: Said) -> Told:
    """Return the sentence of a statement that shares most words with a claim."""
    return max(said.texts, key=lambda text: len(claim.told.stems & text.stems))
