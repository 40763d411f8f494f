"""Documents cut into paragraphs and sentences, and what these name: endpoints, papers, patients."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from unicodedata import normalize

from secondline.domain.evidence import Source
from secondline.library.library import Library
from secondline.library.printed_figures import MARKS, Printed, read, without_marks
from secondline.literature.analyzer import tokens
from secondline.literature.passages import SENTENCE_END, lines, plain_text
from secondline.literature.pdq import references_of
from secondline.literature.records import Cited, Document

LONG = 4000  # characters; a longer text tells of other papers and other patients too
LONG_KINDS = {"full text", "evidence summary", "book"}
NUMBER = re.compile(r"\d{1,6}")
SPAN = re.compile(r"(?<!\d)(\d{1,6})(?!\d)(?:\s*\]?\s*[–-]\s*\[?\s*(\d{1,6})(?!\d))?")
SHORTENED = re.compile(
    r"\b(?:vs?|al|e\.g|i\.e|approx|ca|nos?|figs?|refs?|resp)\.\s+$", re.IGNORECASE
)
# Words that tell no group, endpoint or study from another.
GENERAL = frozenset(
    tokens(
        "patients patient children child group groups all given received with without who had has"
        " have treatment treated therapy disease cancer tumor tumors source counts count counted"
        " named outcome share rate worse study trial phase other than after from before first more"
        " less against versus both only overall including grade years year months month"
    )
)


class Endpoints:
    """The names of endpoints, to be found in sentences; a longer name hides those within it."""

    def __init__(self, library: Library) -> None:
        self._names: dict[tuple[str, ...], set[str]] = {}
        for endpoint in library.endpoints.values():
            short = (endpoint.abbreviation,) if endpoint.abbreviation else ()
            for name in (endpoint.id, *short, *endpoint.synonyms):
                if stems := tuple(tokens(name)):
                    self._names.setdefault(stems, set()).add(endpoint.id)
        self._longest = max(map(len, self._names), default=0)

    def named(self, words: list[str]) -> frozenset[str]:
        """Return the ids of the endpoints that words name."""
        found: set[str] = set()
        at = 0
        while at < len(words):
            for size in range(min(self._longest, len(words) - at), 0, -1):
                if ids := self._names.get(tuple(words[at : at + size])):
                    found |= ids
                    at += size - 1
                    break
            at += 1
        return frozenset(found)


@dataclass(frozen=True)
class Sentence:
    """A sentence of a plain text, with its offsets in characters."""

    start: int
    end: int
    text: str

    @cached_property
    def printed(self) -> Printed:
        """Its figures."""
        return read(self.text)

    @cached_property
    def stems(self) -> list[str]:
        """Its words in order, without reference marks."""
        return tokens(without_marks(self.text))


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, or one row of a table.

    Attributes:
        cites: the papers, by PMID, that it is about: those that it cites, else those that the
            paragraph above it cites, whose items it lists.
        marked: whether it cites anything itself.
    """

    part: int
    is_row: bool
    in_abstract: bool
    heading: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    cites: frozenset[str]
    marked: bool

    @cached_property
    def stems(self) -> frozenset[str]:
        """The words of its sentences and of the headings above it."""
        heading = tokens(" ".join(self.heading))
        return frozenset([*heading, *(stem for each in self.sentences for stem in each.stems)])


class Pages:
    """A document cut into paragraphs and sentences, with the papers that each is about."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = plain_text(document)
        self.is_long = document.kind in LONG_KINDS or len(self.text) > LONG
        self.listed = frozenset(each.pmid for each in document.references if each.pmid)
        self.paragraphs = tuple(self._paragraphs())

    def _paragraphs(self) -> Iterator[Paragraph]:
        above: frozenset[str] = frozenset()
        part, numbers = -1, _Numbers(())
        for line in lines(self.document):
            if line.part != part:
                part, above = line.part, frozenset()
                numbers = _Numbers(references_of(line.heading, self.document.references))
            own, marked = numbers.cited_in(line.text)
            above = own if marked else above
            is_row = line.kind == "table"
            cut = [(0, len(line.text))] if is_row else list(sentence_spans(line.text))
            yield Paragraph(
                part=line.part,
                is_row=is_row,
                in_abstract=line.kind == "abstract",
                heading=line.heading,
                sentences=tuple(
                    Sentence(line.start + start, line.start + end, line.text[start:end])
                    for start, end in cut
                ),
                cites=above,
                marked=marked,
            )

    def of_section(self, source: Source) -> tuple[Paragraph, ...]:
        """Return the paragraphs of the section that a source is, all where it is the whole."""
        title = words_of(source.title.rpartition(":")[2])
        headings = {
            each.heading[:depth]
            for each in self.paragraphs
            for depth in range(1, len(each.heading) + 1)
        }
        meant = {h for h in headings if (words := words_of(h[-1])) and words == title}
        if not meant:
            return self.paragraphs
        return tuple(p for p in self.paragraphs if any(p.heading[: len(h)] == h for h in meant))

    @cached_property
    def patients(self) -> tuple[Printed, ...]:
        """The figures of all its sentences, to look for numbers of patients in an abstract."""
        return tuple(s.printed for p in self.paragraphs for s in p.sentences)


class _Numbers:
    """A reference list, by its numbers."""

    def __init__(self, references: Iterable[Cited]) -> None:
        self._pmids = {n: r.pmid for r in references if (n := _number(r.anchor)) is not None}

    def cited_in(self, text: str) -> tuple[frozenset[str], bool]:
        """Return the PMIDs of the papers that a text cites, and whether it cites anything."""
        found: set[str] = set()
        marks = MARKS.findall(text)
        for first, last in (pair for mark in marks for pair in SPAN.findall(mark)):
            for number, pmid in self._pmids.items():
                if pmid and int(first) <= number <= int(last or first):
                    found.add(pmid)
        return frozenset(found), bool(marks)


def _number(anchor: str) -> int | None:
    """Return the number of a reference, raised or not; None where it has a name, or none."""
    plain = normalize("NFKC", anchor).strip("[](). ")
    return int(plain) if NUMBER.fullmatch(plain) else None


def sentence_spans(line: str) -> Iterator[tuple[int, int]]:
    """Yield where the sentences of a line begin and end; a reference mark ends none."""
    bare = without_marks(line)
    start = 0
    for match in SENTENCE_END.finditer(bare):
        if SHORTENED.search(bare, start, match.end()):
            continue
        yield start, start + len(line[start : match.end()].rstrip())
        start = match.end()
    if line[start:].strip():
        yield start, start + len(line[start:].rstrip())


def words_of(text: str) -> frozenset[str]:
    """Return the stems of a text that tell it from others."""
    return frozenset(stem for stem in tokens(text) if stem not in GENERAL and not stem.isdigit())


def share(words: frozenset[str], within: Iterable[str]) -> float:
    """Return how much of some words others hold; 0 of none."""
    return len(words & frozenset(within)) / len(words) if words else 0.0
