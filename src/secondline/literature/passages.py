"""A document as one plain text, and the text cut into passages that can be found and quoted."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from secondline.literature.records import Document, Passage, PassageKind, Section, Table

LONGEST = 1500  # characters of a passage; abstracts stay whole
SENTENCE_END = re.compile(r"[.!?][\])\"”’]*\s+(?=[A-Z0-9\[(])")
BETWEEN = "\n\n"  # stands between the parts of a plain text


@dataclass(frozen=True, slots=True)
class _Part:
    kind: PassageKind
    heading: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a plain text: a paragraph, an item of a list, or the row of a table.

    Attributes:
        part: the number of the part of the document that it stands in, from 0.
        first: whether it is the first line of that part.
        start: its offset in the plain text, in characters.
    """

    kind: PassageKind
    heading: tuple[str, ...]
    part: int
    first: bool
    start: int
    text: str


def plain_text(document: Document) -> str:
    """Return the text of a document: title and abstract, then its sections, then its tables."""
    return BETWEEN.join(part.text for part in _parts(document))


def lines(document: Document) -> Iterator[Line]:
    """Yield the lines of the plain text of a document that are not empty, with their headings."""
    offset = 0
    for number, part in enumerate(_parts(document)):
        at = offset
        for text in part.text.split("\n"):
            if text.strip():
                yield Line(part.kind, part.heading, number, at == offset, at, text)
            at += len(text) + 1
        offset += len(part.text) + len(BETWEEN)


def passages(document: Document) -> Iterator[Passage]:
    """Cut a document into passages, in the order of its plain text.

    Title and abstract are one passage. Running text is cut between paragraphs, and a long one
    between sentences; a passage never crosses a heading. A table is cut between rows.
    """
    seen: dict[str, int] = {}
    offset = 0
    for part in _parts(document):
        for start, end in _cuts(part):
            text = part.text[start:end]
            name = hashlib.sha256("\0".join((*part.heading, text)).encode()).hexdigest()[:12]
            seen[name] = seen.get(name, 0) + 1
            again = f"-{seen[name]}" if seen[name] > 1 else ""
            yield Passage(
                id=f"{document.id}#{name}{again}",
                document=document.id,
                kind=part.kind,
                heading=part.heading,
                text=text,
                start=offset + start,
                end=offset + end,
                sha256=hashlib.sha256(text.encode()).hexdigest(),
            )
        offset += len(part.text) + len(BETWEEN)


def _parts(document: Document) -> Iterator[_Part]:
    title = document.title or document.vernacular_title or ""
    first = "\n".join(filter(None, (title, *map(_labelled, document.abstract))))
    if first:
        yield _Part("abstract", (), first)
    for section in document.body:
        if section.text:
            yield _Part("body", section.heading, section.text)
    for table in document.tables:
        if text := table_text(table):
            yield _Part("table", table.heading, text)


def _labelled(section: Section) -> str:
    return ": ".join((*section.heading, section.text))


def table_text(table: Table) -> str:
    """Write a table as lines: label and caption, a line for each row, notes, or why none."""
    caption = " ".join(filter(None, (table.label, table.caption)))
    rows = (
        " | ".join("" if cell.spanned else cell.text for cell in row).rstrip(" |")
        for row in table.rows
    )
    return "\n".join(filter(None, (caption, *rows, table.notes, table.unreadable)))


def _cuts(part: _Part) -> Iterator[tuple[int, int]]:
    """Yield where the passages of a part begin and end."""
    if part.kind == "abstract":
        yield 0, len(part.text)
        return
    start = end = 0
    for piece_start, piece_end in _pieces(part.text):
        if end > start and piece_end - start > LONGEST:
            yield start, end
            start = piece_start
        end = piece_end
    if end > start:
        yield start, end


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield the paragraphs of a text, and of a long paragraph the sentences or, at worst, words."""
    at = 0
    for line in text.split("\n"):
        if len(line) <= LONGEST:
            yield at, at + len(line)
        else:
            yield from ((at + start, at + end) for start, end in _sentences(line))
        at += len(line) + 1


def _sentences(line: str) -> Iterator[tuple[int, int]]:
    start = 0
    ends = [match.end() for match in SENTENCE_END.finditer(line)]
    for end in (*ends, len(line)):
        while len(line[start:end].rstrip()) > LONGEST:
            cut = line.rfind(" ", start, start + LONGEST) + 1
            cut = cut if cut > start else start + LONGEST
            yield start, start + len(line[start:cut].rstrip())
            start = cut
        if line[start:end].strip():
            yield start, start + len(line[start:end].rstrip())
        start = end
