"""PDQ summaries as Markdown, the shape in which the texts of 2025 are passed on, to documents."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from secondline.literature.dates import parts_date, printed_date
from secondline.literature.evidence_levels import levels_in
from secondline.literature.files import LARGEST_RECORD, Window
from secondline.literature.grids import filled
from secondline.literature.marked import joined
from secondline.literature.pdq import references_of
from secondline.literature.records import (
    RECORD_FAILS,
    Audience,
    Cell,
    Cited,
    Document,
    FileError,
    PartialDate,
    Rejected,
    Section,
    Step,
    Table,
    why,
)

FRONT_MATTER = re.compile(r"\A\s*---\n(.*?)\n---\n", re.DOTALL)
ENTRY = re.compile(r"^(\w+): *(.*)$", re.MULTILINE)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
ANCHOR = re.compile(r"\[\s*(\d+)\s*\]\(#cit/[^)\s]*\)")
ADDRESS = r"\((?:[^()\s]|\([^()\s]*\))*(?:\s+\"[^\"]*\")?\)"
LINK = re.compile(r"!?\[((?:[^\[\]]|\[[^\[\]]*\])*)\]" + ADDRESS)
LEVEL_LINK = re.compile(r"\[(\[Levels? of evidence[^\[\]]*\])" + ADDRESS + r"\]", re.IGNORECASE)
EMPHASIS = re.compile(r"(?<!\w)(\*{1,3}|_{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)|\*\*\s*(.+?)\s*\*\*")
ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")
ITEM = re.compile(r"^(\s*)(?:[-*+]|\d+\.)\s+")
NUMBERED = re.compile(r"^\s*(\d+)\.\s+(.*)$")
RULE_ROW = re.compile(r"^\|?(?:\s*:?-{2,}:?\s*\|)+\s*(?:-{2,}:?\s*)?$")
LISTED_PMID = re.compile(r"list_uids=(\d+)|pubmed(?:\.ncbi\.nlm\.nih\.gov)?/(\d+)|PMID:?\s*(\d+)")
OWN_PMID = re.compile(r"Accessed[^\[]*\[PMID:\s*(\d+)\]")
UPDATED = re.compile(r"Latest Updates? to This Summary \(([\d/]+)\)|Updated\s+(\d+/\d+/\d+)")
YEAR_DIGITS = 4  # of a date such as 4/28/2025; before them stand the month and the day
CAPTION = re.compile(r"^(Table \d+)\.?\s*(.*)$")
PATH = re.compile(r"https?://[^/]+/(.*?)/?$")


def documents(window: Window, name: str, start: int = 0) -> Iterator[Step]:
    """Read the one document of a file.

    Args:
        name: the name of the file, by which a summary without an address is known.
        start: when reading is taken up again, its end: the one document was read.

    Raises:
        FileError: it is not UTF-8, or larger than any summary.
    """
    if start:
        return
    while window.more():
        if len(window.held) > LARGEST_RECORD:
            raise FileError(f"it is larger than {LARGEST_RECORD >> 20} MiB")
    try:
        text = bytes(window.held).decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise FileError(f"it is not UTF-8 from byte {error.start} on", error.start) from None
    found: Document | Rejected
    try:
        found = _document(text, name)
    except RECORD_FAILS as error:
        found = Rejected(record=name, reason=why(error))
    yield Step(position=0, end=len(window.held), records=(found,))


def _document(text: str, name: str) -> Document | Rejected:
    front = FRONT_MATTER.match(text)
    told = dict(ENTRY.findall(front[1])) if front else {}
    told = {key: value.strip("'\"") for key, value in told.items()}
    content = _Content()
    content.read(COMMENT.sub("", text[front.end() :] if front else text))
    titles = content.titles or [told.get("title", "")]
    if not content.sections:
        return Rejected(record=name, reason="it has no text under a heading")
    address = told.get("url") or None
    path = PATH.match(address or "")
    audience = _audience(titles[-1], address)
    oddities = list(content.oddities)
    claimed = told.get("audienceLevel")
    if audience == "professional" and claimed == "patient":
        oddities.append(
            "its front matter says it is for patients, its title for health professionals"
        )
    own = OWN_PMID.search(text)
    return Document(
        id=f"pdq:{path[1] if path else name}",
        kind="evidence summary",
        pmid=own[1] if own else None,
        title=titles[-1] or name,
        journal="PDQ",
        date=_date(text, told),
        language=(told.get("language", "en"),),
        levels=tuple(
            level
            for section in content.sections
            for level in levels_in(
                section.text, section.heading, references_of(section.heading, content.references)
            )
        ),
        references=tuple(content.references),
        body=tuple(content.sections),
        tables=tuple(content.tables),
        audience=audience,
        url=address,
        oddities=tuple(oddities),
    )


def _audience(title: str, address: str | None) -> Audience | None:
    if "Health Professional Version" in title or "/hp/" in (address or ""):
        return "professional"
    if "Patient Version" in title or "/patient/" in (address or ""):
        return "patient"
    return None


def _date(text: str, told: dict[str, str]) -> PartialDate | None:
    """Return when the summary was last changed, else when its carrier looked at it."""
    updated = UPDATED.search(text)
    if updated:
        words = updated[1] or updated[2]
        *before, year = words.split("/")
        if len(year) != YEAR_DIGITS or len(before) > 2:
            return PartialDate(printed=words)
        found = parts_date(year, *before)
        return replace(found, printed=words) if found and found.printed else found
    return printed_date(told.get("lastReviewed", ""))


@dataclass
class _Content:
    """What the lines of a summary say, gathered from top to bottom."""

    titles: list[str] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    references: list[Cited] = field(default_factory=list)
    oddities: list[str] = field(default_factory=list)
    _heading: list[tuple[int, str]] = field(default_factory=list)
    _paragraphs: list[str] = field(default_factory=list)
    _joins: bool = False  # whether a line goes on with the paragraph before it
    _listing: bool = False  # whether these lines are a reference list

    def read(self, text: str) -> None:
        lines = text.split("\n")
        at = 0
        while at < len(lines):
            line = lines[at]
            if heading := HEADING.match(line):
                self._head(len(heading[1]), plain(heading[2]))
            elif line.lstrip().startswith("|"):
                end = at
                while end < len(lines) and lines[end].lstrip().startswith("|"):
                    end += 1
                self._table(lines[at:end])
                at = end
                continue
            elif self._listing:
                self._cite(line)
            else:
                self._say(line)
            at += 1
        self._close()

    @property
    def _headings(self) -> tuple[str, ...]:
        return tuple(words for _, words in self._heading)

    def _head(self, depth: int, words: str) -> None:
        self._close()
        self._listing = words.lower() == "references"
        if self._listing:
            return
        if depth == 1:
            self.titles.append(words)
            self._heading = []
            return
        self._heading = [each for each in self._heading if each[0] < depth]
        self._heading.append((depth, words))

    def _close(self) -> None:
        if text := "\n".join(self._paragraphs):
            self.sections.append(Section(heading=self._headings, text=text))
        self._paragraphs, self._joins = [], False

    def _say(self, line: str) -> None:
        if not line.strip():
            self._joins = False
            return
        item = ITEM.match(line)
        words = plain(line[item.end() :] if item else line)
        if self._joins and not item and self._paragraphs:
            self._paragraphs[-1] = joined(f"{self._paragraphs[-1]} {words}")
        elif words:
            self._paragraphs.append(words)
        self._joins = True

    def _cite(self, line: str) -> None:
        entry = NUMBERED.match(line)
        if entry is None:
            if line.strip() and self.references:
                last = self.references.pop()
                self.references.append(_cited(last.anchor, last.heading, f"{last.text} {line}"))
            return
        # The list of a section stands below its last part, and belongs to the section.
        self.references.append(_cited(entry[1], self._headings[:1], entry[2]))

    def _table(self, lines: Sequence[str]) -> None:
        rows = filled(tuple(_cells(lines)))
        caption = CAPTION.match(self._paragraphs[-1]) if self._paragraphs else None
        if caption:
            self._paragraphs.pop()
        self.tables.append(
            Table(
                label=caption[1] if caption else "",
                caption=caption[2] if caption else "",
                heading=self._headings,
                rows=rows,
                unreadable=None if rows else "table not readable: it has no cells",
            )
        )
        self._joins = False


def _cited(anchor: str, heading: tuple[str, ...], text: str) -> Cited:
    found = LISTED_PMID.search(text)
    pmid = next((group for group in found.groups() if group), None) if found else None
    return Cited(anchor=anchor, heading=heading, text=plain(text), pmid=pmid)


def _cells(lines: Sequence[str]) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of a table; rules between rows and rows without a word are left out.

    The first row is the heading where a rule follows it.
    """
    for number, line in enumerate(lines):
        if RULE_ROW.match(line.strip()):
            continue
        cells = re.split(r"(?<!\\)\|", line.strip().strip("|"))
        texts = [plain(cell) for cell in cells]
        if any(texts):
            header = number == 0 and len(lines) > 1 and bool(RULE_ROW.match(lines[1].strip()))
            yield tuple(Cell(text=text, header=header) for text in texts)


def plain(markdown: str) -> str:
    """Return a line of Markdown as plain words: links by their words, citations as "[4,5]"."""
    text = ANCHOR.sub(r"\1", markdown)
    text = LEVEL_LINK.sub(r"\1", text)
    for _ in range(2):  # a link may stand in the words of another
        text = LINK.sub(r"\1", text)
    for _ in range(3):  # bold in italic
        text = EMPHASIS.sub(lambda match: match[2] or match[3], text)
    return joined(ESCAPED.sub(r"\1", text))
