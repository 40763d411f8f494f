"""Anchoring: every figure of a finding is looked for in the stored text of its source.

That a number occurs somewhere proves little, least in a long text. The figures of one finding must
therefore stand near each other, and in a summary with a reference list near a citation of the
paper: the anchor is the shortest passage that holds all of them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Self

from text_to_num import text2num

from secondline.domain.evidence import Finding, Statement
from secondline.library.library import Library
from secondline.statistics.consistency import percentage
from secondline.statistics.counts import counts_in

LONG = 4000  # characters; in a longer text figures must stand near each other
NEAR = 1500  # characters
AROUND = 3000  # characters on either side of a citation may tell of the paper cited
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


SECTION = re.compile(r"^## .*$", re.MULTILINE)
REFERENCE = re.compile(r"^(\d+)\. .*\bPMID (\d+)\s*$", re.MULTILINE)
CITATION = re.compile(r"\[[\d,\s\[\]–-]*\d[\d,\s\[\]–-]*\]")
SPAN = re.compile(r"(\d+)(?:\s*[–-]\s*\[?\s*(\d+))?")


@dataclass(frozen=True, slots=True)
class StoredText:
    """A stored text, the places of every number in it, and where it cites which paper.

    Attributes:
        source: the id by which the text is known.
        cited: the places of the citations of a paper by its PMID; a paper that the text lists and
            never cites has none.
    """

    source: str
    text: str
    numbers: Mapping[Decimal, Sequence[tuple[int, int]]]
    cited: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, source: str, text: str) -> Self:
        """Look for the numbers and the citations of a text."""
        return cls(source, text, _numbers(text), _citations(text))

    def near(self, pmid: str | None) -> Iterator[Mapping[Decimal, Sequence[tuple[int, int]]]]:
        """Yield the numbers that may tell of a paper: near each of its citations, or all."""
        places = self.cited.get(pmid or "")
        if not places:
            yield self.numbers
            return
        for place in places:
            yield {
                value: found
                for value, spans in self.numbers.items()
                if (found := [s for s in spans if abs(s[0] - place) <= AROUND])
            }


def _citations(text: str) -> dict[str, list[int]]:
    """Return where a text with numbered references cites each paper; numbers restart by section."""
    found: dict[str, list[int]] = {}
    starts = [0, *(match.start() for match in SECTION.finditer(text)), len(text)]
    for start, end in pairwise(starts):
        section = text[start:end]
        pmids = {int(number): pmid for number, pmid in REFERENCE.findall(section)}
        for citation in CITATION.finditer(section) if pmids else ():
            for first, last in SPAN.findall(citation[0]):
                for number, pmid in pmids.items():
                    if int(first) <= number <= int(last or first):
                        found.setdefault(pmid, []).append(start + citation.start())
    return found


def anchors(library: Library, texts: Mapping[str, str]) -> Iterator[Anchor]:
    """Yield the anchor of every finding that has figures.

    Args:
        library: whose findings are anchored.
        texts: stored texts by source id. A statement known through another source is looked for
            in the text of that one.
    """
    stored: dict[str, StoredText] = {}
    for statement in library.statements.values():
        source = statement.citation.via or statement.citation.source
        if source in texts and source not in stored:
            stored[source] = StoredText.of(source, texts[source])
        yield from anchors_in(statement, library, stored.get(source))


def anchors_in(
    statement: Statement, library: Library, stored: StoredText | None
) -> Iterator[Anchor]:
    """Yield the anchor in one text of every finding of a statement that has figures.

    Args:
        stored: None when no text of its source is stored.
    """
    pmid = library.sources[statement.citation.source].pmid
    for number, finding in enumerate(statement.findings, start=1):
        if figures := _figures(finding):
            yield _anchor((statement, number, pmid), figures, stored)


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
    finding: tuple[Statement, int, str | None],
    figures: Sequence[tuple[str, Decimal]],
    stored: StoredText | None,
) -> Anchor:
    """Find one finding, given as statement, position and the PMID of the paper it cites."""
    statement, number, pmid = finding
    printed = tuple(figure for figure, _ in figures)
    absent, span = printed, None
    for numbers in stored.near(pmid) if stored else ():
        missing = tuple(figure for figure, value in figures if value not in numbers)
        if len(missing) < len(absent):
            absent = missing
        if not missing and stored:
            found = _shortest([numbers[value] for _, value in figures])
            is_near = len(stored.text) <= LONG or found[1] - found[0] <= NEAR
            if is_near and (span is None or found[1] - found[0] < span[1] - span[0]):
                span = found
    if span is None and not absent:
        absent = printed
    return Anchor(
        statement=statement.id,
        finding=number,
        source=stored.source if stored else None,
        figures=printed,
        missing=absent if span is None else (),
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
