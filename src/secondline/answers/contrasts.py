"""Two figures of one sentence that stand on the two sides of one cut, by either side's name.

"X when the level fell below the cut, and Y when it did not": the second side has no name of its
own, and "X under so many months, and Y when longer" names it by half a comparison. What the sides
are called is held against what the two groups of a statement are called.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from secondline.answers.alignment import Evidence
from secondline.answers.matches import Asked, Match
from secondline.answers.report_words import LEADING, SEPARATORS, SIDES
from secondline.answers.sentences import SHARES, Figure, Sentence
from secondline.answers.words import stems

Side = Literal["low", "high", "without", "with"]

TURNED: dict[Side, Side] = {"low": "high", "high": "low", "without": "with", "with": "without"}
OTHERWISE = re.compile(
    r"\b(?:did not|was not|were not|had not|if not|otherwise|others?|the rest|remaining)\b"
)
# "After" is a side of a cut where a time follows; "5 years after relapse" is none.
AFTER = re.compile(r"\b(?:after|beyond|over) (?=\d)")
COMPARED = {"control", "controls", "placebo", "observation"}
FOLLOWS = re.compile(r"\s*(?:\([^()]*\)\s*)?([a-z]+)")  # "X (95% CI ...) when", no comma
WORD = re.compile(r"[a-z]+|[<>]")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
BOUND = re.compile(r"\b(?:no|not) (?:more|less|later|earlier|longer|fewer)\b")


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two figures of a claim and the findings of the two sides that have their values.

    Attributes:
        figures: the places of the two among the figures of the sentence.
        matches: the findings with their values, in the same order.
        agrees: whether each figure is of the side that the claim gives it to.
    """

    figures: tuple[int, int]
    matches: tuple[Match, Match]
    agrees: bool


def contrasts(
    sentence: Sentence, figures: Sequence[Figure], asked: Asked, evidence: Evidence, near: float
) -> Iterator[Contrast]:
    """Yield the neighboring figures that a statement holds of two sides of one cut.

    Args:
        sentence: with the figures.
        figures: those that are judged, in reading order.
        asked: the claim.
        evidence: the findings.
        near: how much of what the claim names a statement must have.
    """
    for place, (first, second) in enumerate(pairwise(figures)):
        if not {first.quantity.kind, second.quantity.kind} <= SHARES:
            continue
        clauses = _clauses(sentence.text.lower(), first, second)
        if (claimed := sides_claimed(*clauses)) is None:
            continue
        for one, other in _pairs(first, second, asked, evidence, near):
            groups = one.entry.finding.group, other.entry.finding.group
            held = sides_of(*groups)
            if held is None or {*held} != {*claimed}:
                continue
            of_clauses = groups if held == claimed else groups[::-1]
            if any(_is_cut_elsewhere(*each) for each in zip(clauses, of_clauses, strict=True)):
                continue
            yield Contrast((place, place + 1), (one, other), held == claimed)
            break


def _pairs(
    first: Figure, second: Figure, asked: Asked, evidence: Evidence, near: float
) -> Iterator[tuple[Match, Match]]:
    """Yield findings of one statement, endpoint and time with the values of two figures."""
    ones, others = (
        [
            match
            for match in evidence.matches(figure, asked)
            if match.near >= near
            and match.entry.finding.group != "all"
            and "clock" not in match.differs
            and evidence.has_value(figure.quantity, match.entry)
            and not any(evidence.differences_of_all(figure, match.entry, asked))
        ]
        for figure in (first, second)
    )
    for one in ones:
        for other in others:
            mine, its = one.entry, other.entry
            same = mine.statement is its.statement and mine.months == its.months
            if same and mine.finding.endpoint == its.finding.endpoint:
                yield one, other


def _clauses(text: str, first: Figure, second: Figure) -> tuple[str, str]:
    """Return what a sentence says of the groups of two figures: behind them, or before them."""
    head = text[: first.quantity.start]
    between = text[first.quantity.end : second.quantity.start]
    tail = text[second.quantity.end :]
    follows = FOLLOWS.match(between)
    if follows and follows[1] in LEADING:
        return between, tail
    return head, between


def sides_claimed(first: str, second: str) -> tuple[Side, Side] | None:
    """Say on which sides of a cut two clauses stand; None where they do not tell."""
    if any(SEPARATORS.issuperset(_words(clause)) for clause in (first, second)):
        return None
    if (sides := sides_of(first, second)) is not None:
        return sides
    if (side := _side(first)) and not _side(second) and OTHERWISE.search(second):
        return side, TURNED[side]
    return None


def sides_of(one: str, other: str) -> tuple[Side, Side] | None:
    """Say on which sides of one cut two groups stand, by their names; None where on none.

    "relapse <36 months" and "later relapse"; "with radiotherapy" and "without".
    """
    one, other = one.lower(), other.lower()
    mine, its = _side(one), _side(other)
    if mine and its and TURNED[mine] == its:
        return mine, its
    denied = [bool(SIDES["without"] & {*_words(text)}) for text in (one, other)]
    if mine or its or denied[0] == denied[1]:
        return None
    affirmed, without = (other, one) if denied[0] else (one, other)
    if SIDES["with"] & {*_words(without)}:
        return None  # both sides stand in it: "between A and control"
    shared = {*stems(_words(one))} & {*stems(_words(other))}
    if not (
        shared or SIDES["with"] & {*_words(affirmed)} or COMPARED & {*_words(f"{one} {other}")}
    ):
        return None
    return ("without", "with") if denied[0] else ("with", "without")


def _side(text: str) -> Side | None:
    """Return the side that a text names; None where it names none or both."""
    if BOUND.search(text):
        return None
    words = {*_words(text)} | ({"beyond"} if AFTER.search(text) else set())
    found: list[Side] = [side for side in ("low", "high") if SIDES[side] & words]
    return found[0] if len(found) == 1 else None


def _words(text: str) -> list[str]:
    return WORD.findall(text)


def _is_cut_elsewhere(clause: str, group: str) -> bool:
    """Say whether a clause and a group have numbers, and none in common."""
    told, held = ({float(n) for n in NUMBER.findall(text)} for text in (clause, group))
    return bool(told and held) and told.isdisjoint(held)
