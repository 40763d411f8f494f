"""Anchoring: every figure of a finding is looked for in the stored text of its source.

That a number occurs somewhere proves little, least in a long text. The figures of one finding must
therefore stand near each other: the anchor is the shortest passage that holds all of them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from text_to_num import text2num

from secondline.domain.evidence import Finding, Statement
from secondline.library.library import Library
from secondline.statistics.consistency import percentage
from secondline.statistics.counts import counts_in

LONG = 4000  # characters; in a longer text figures must stand near each other
NEAR = 1500  # characters
ROOM = 60  # characters quoted on either side of the figures

UNITS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
UNITS += "|sixteen|seventeen|eighteen|nineteen"
TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
SPELLED = rf"\b(?:(?:{TENS})(?:[- ](?:{UNITS}))?|{UNITS})\b"
NUMBER = re.compile(
    rf"\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+(?:[.·]\d+)?|(?<!\d)[.·]\d+|{SPELLED}|\bno(?:ne)?\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where the figures of one finding stand in the stored text of a source.

    Attributes:
        finding: its position in the statement, from 1.
        source: the id of the text that was searched; None when no text is stored.
        missing: the figures that were not found, or not near the others.
        quoted: the passage; None when figures are missing.
        start, end: its place in the text, in characters.
        reason: why the figures cannot be found, where the finding says so.
    """

    statement: str
    finding: int
    source: str | None
    figures: tuple[str, ...]
    missing: tuple[str, ...]
    quoted: str | None
    start: int | None
    end: int | None
    reason: str | None

    @property
    def holds(self) -> bool:
        """Say whether every figure was found, near each other."""
        return not self.missing and self.source is not None


@dataclass(frozen=True, slots=True)
class Defect:
    """A count in a stored text that contradicts the percentage printed beside it.

    Attributes:
        known: the statements whose caution names the recomputed percentage.
    """

    source: str
    quoted: str
    recomputed: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Stored:
    """A stored text, with the places of every number in it, by value."""

    source: str
    text: str
    numbers: Mapping[Decimal, Sequence[tuple[int, int]]]


def anchors(library: Library, texts: Mapping[str, str]) -> Iterator[Anchor]:
    """Yield the anchor of every finding that has figures.

    Args:
        library: whose findings are anchored.
        texts: stored texts by source id. A statement known through another source is looked for
            in the text of that one.
    """
    stored: dict[str, _Stored] = {}
    for statement in library.statements.values():
        source = statement.citation.via or statement.citation.source
        if source in texts and source not in stored:
            stored[source] = _Stored(source, texts[source], _numbers(texts[source]))
        for number, finding in enumerate(statement.findings, start=1):
            if figures := _figures(finding):
                yield _anchor(statement, number, figures, stored.get(source))


def defects(library: Library, texts: Mapping[str, str]) -> Iterator[Defect]:
    """Yield every count of a cited stored text that contradicts its own percentage."""
    citing: dict[str, list[Statement]] = {}
    for statement in library.statements.values():
        citing.setdefault(statement.citation.source, []).append(statement)
        if statement.citation.via:
            citing.setdefault(statement.citation.via, []).append(statement)
    for source in sorted(citing.keys() & texts.keys()):
        for count in counts_in(texts[source]):
            if count.percent is None or not count.n:
                continue
            share, (printed, decimals) = percentage(count.events, count.n), count.percent
            if abs(share - printed) > 0.5 * 10.0**-decimals + 1e-9:
                recomputed = f"{share:.1f}%"
                known = (s.id for s in citing[source] if recomputed in (s.caution or ""))
                yield Defect(source, count.quoted, recomputed, tuple(known))


def _figures(finding: Finding) -> tuple[tuple[str, Decimal], ...]:
    """Return every figure of a finding as printed, with its value."""
    texts = (finding.estimate, finding.interval, finding.p_value, finding.coverage)
    found = [(m[0], _value(m[0])) for text in texts if text for m in NUMBER.finditer(text)]
    counts = (finding.events, finding.n)
    found += [(str(count), Decimal(count)) for count in counts if count is not None]
    return tuple(dict.fromkeys(found))


def _numbers(text: str) -> dict[Decimal, list[tuple[int, int]]]:
    """Return the places of every number of a text, by value."""
    found: dict[Decimal, list[tuple[int, int]]] = {}
    for match in NUMBER.finditer(text):
        found.setdefault(_value(match[0]), []).append(match.span())
    return found


def _value(text: str) -> Decimal:
    if text.casefold() in {"no", "none"}:
        return Decimal(0)
    if text[0].isalpha():
        return Decimal(text2num(text.casefold().replace("-", " "), "en"))
    return Decimal(text.replace(",", "").replace("·", "."))


def _anchor(
    statement: Statement,
    number: int,
    figures: Sequence[tuple[str, Decimal]],
    stored: _Stored | None,
) -> Anchor:
    printed = tuple(figure for figure, _ in figures)
    absent, span = printed, None
    if stored is not None:
        absent = tuple(figure for figure, value in figures if value not in stored.numbers)
        if not absent:
            span = _shortest([stored.numbers[value] for _, value in figures])
            if len(stored.text) > LONG and span[1] - span[0] > NEAR:
                absent, span = printed, None
    return Anchor(
        statement=statement.id,
        finding=number,
        source=stored.source if stored else None,
        figures=printed,
        missing=absent,
        quoted=_quoted(stored.text, span) if stored and span else None,
        start=span[0] if span else None,
        end=span[1] if span else None,
        reason=statement.findings[number - 1].unanchored,
    )


def _shortest(places: Sequence[Sequence[tuple[int, int]]]) -> tuple[int, int]:
    """Return the shortest span of a text that holds one place of each figure."""
    events = sorted((start, end, figure) for figure, at in enumerate(places) for start, end in at)
    latest: dict[int, tuple[int, int]] = {}
    best = (events[0][0], events[-1][1])
    for start, end, figure in events:
        latest[figure] = (start, end)
        if len(latest) == len(places):
            first = min(at[0] for at in latest.values())
            if end - first < best[1] - best[0]:
                best = (first, end)
    return best


def _quoted(text: str, span: tuple[int, int]) -> str:
    start, end = max(span[0] - ROOM, 0), min(span[1] + ROOM, len(text))
    words = " ".join(text[start:end].split())
    return f"{'… ' if start else ''}{words}{' …' if end < len(text) else ''}"
