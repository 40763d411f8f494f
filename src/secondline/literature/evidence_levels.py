"""Levels of evidence as a text prints them, with the references that they are printed beside."""

import re
from collections.abc import Iterator, Sequence

from secondline.literature.records import Cited, EvidenceLevel, LevelScheme

LEVEL = re.compile(
    r"(?P<anchors>(?:\[[\d\s,;–-]+\][\s,;–-]*)*)"
    r"\[?\s*\bLevels? of evidence:?\s+(?P<codes>[^\].;()]{1,60})\]",
    re.IGNORECASE,
)
CODE = re.compile(r"\b(?:[A-D][1-4]?|[1-4](?:i{1,3}|iv)?(?:[A-D](?:i{1,3}|iv)?)?)\b")
ANCHORS = re.compile(r"(\d+)(?:\s*[\]\[]*\s*[–-]\s*[\]\[]*\s*(\d+))?")
MOST_ANCHORS = 200  # of one range; more is a misprint


def levels_in(
    text: str, heading: tuple[str, ...], references: Sequence[Cited]
) -> Iterator[EvidenceLevel]:
    """Yield the levels that a text prints, such as "[12,14-16][Level of evidence B4]".

    Args:
        text: a section in plain words.
        heading: the headings above it.
        references: the reference list that its anchors point into.
    """
    pmids = {cited.anchor: cited.pmid for cited in references}
    for match in LEVEL.finditer(text):
        anchors = tuple(_anchors(match["anchors"]))
        for code in CODE.findall(match["codes"]):
            yield EvidenceLevel(
                printed=code,
                scheme=_scheme(code),
                heading=heading,
                anchors=anchors,
                pmids=tuple(pmid for anchor in anchors if (pmid := pmids.get(anchor))),
            )


def _scheme(code: str) -> LevelScheme:
    """Tell the schemes apart: the old one begins with a figure, the present one with a letter."""
    return "pdq-legacy" if code[0].isdecimal() else "pdq-2023"


def _anchors(text: str) -> Iterator[str]:
    for match in ANCHORS.finditer(text):
        first, last = int(match[1]), int(match[2] or match[1])
        if first <= last < first + MOST_ANCHORS:
            yield from map(str, range(first, last + 1))
