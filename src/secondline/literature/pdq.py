"""The XML of PDQ summaries, and of MedQuAD, which made questions of them, to documents."""

from collections.abc import Iterable, Iterator

from secondline.literature.dates import printed_date
from secondline.literature.evidence_levels import levels_in
from secondline.literature.grids import TableError, cals_grid
from secondline.literature.identifiers import pmid
from secondline.literature.marked import joined, name_of, words
from secondline.literature.records import (
    Audience,
    Cited,
    Document,
    RecordError,
    Section,
    Table,
)
from secondline.literature.splitting import Element

PDQ_TAGS = ("Summary",)
MEDQUAD_TAGS = ("Document",)
LISTS = {"ItemizedList", "OrderedList"}
LANGUAGES = {"English": "eng", "Spanish": "spa"}


def read_summary(summary: Element) -> Iterable[Document]:
    """Return the document of a PDQ summary.

    Raises:
        RecordError: it has no number.
    """
    number = (summary.get("id") or "").strip()
    if not number:
        raise RecordError("it has no id")
    meta = summary.find("SummaryMetaData")
    sections = tuple(_sections(summary, ()))
    references = tuple(_references(summary))
    audience = _text(meta, "SummaryAudience")
    tables = tuple(_tables(summary))
    return (
        Document(
            id=f"pdq:{number}",
            kind="evidence summary",
            title=_text(summary, "SummaryTitle"),
            journal="PDQ",
            date=printed_date(_text(summary, "DateLastModified"))
            or printed_date(_text(summary, "DateFirstPublished")),
            language=(LANGUAGES.get(language, language),)
            if (language := _text(meta, "SummaryLanguage"))
            else (),
            publication_types=(kind,) if (kind := _text(meta, "SummaryType")) else (),
            conditions=_texts(meta, "MainTopics/TermRef"),
            levels=tuple(
                level
                for section in sections
                for level in levels_in(
                    section.text, section.heading, references_of(section.heading, references)
                )
            ),
            references=references,
            body=sections,
            tables=tables,
            audience=_audience(audience),
            url=None if meta is None else _address(meta.find("SummaryURL")),
            oddities=tuple(
                f"{table.caption}: {table.unreadable}" for table in tables if table.unreadable
            ),
        ),
    )


def references_of(heading: tuple[str, ...], references: Iterable[Cited]) -> tuple[Cited, ...]:
    """Return the reference list that a section points into: its own, or the nearest above it."""
    listed = tuple(references)
    for depth in range(len(heading), -1, -1):
        if found := tuple(each for each in listed if each.heading == heading[:depth]):
            return found
    return ()


def _audience(printed: str) -> Audience | None:
    if "professional" in printed.lower():
        return "professional"
    return "patient" if "patient" in printed.lower() else None


def _text(parent: Element | None, path: str) -> str:
    return "" if parent is None else words(parent.find(path))


def _texts(parent: Element | None, path: str) -> tuple[str, ...]:
    found = () if parent is None else parent.iterfind(path)
    return tuple(text for text in map(words, found) if text)


def _address(element: Element | None) -> str | None:
    return None if element is None else element.get("xref")


def _sections(parent: Element, above: tuple[str, ...]) -> Iterator[Section]:
    """Yield the text directly under each heading, in order, and then what is below it."""
    for section in parent.iterfind("SummarySection"):
        title = _text(section, "Title")
        heading = (*above, title) if title else above
        if text := "\n".join(_paragraphs(section)):
            yield Section(heading=heading, text=text)
        yield from _sections(section, heading)


def _paragraphs(parent: Element) -> Iterator[str]:
    for child in parent:
        name = name_of(child)
        if name in LISTS:
            yield from _paragraphs(child)
        elif name == "ListItem" and any(name_of(each) in {"Para", *LISTS} for each in child):
            yield from filter(None, (joined(child.text or ""),))
            yield from _paragraphs(child)
        elif name in {"Para", "ListItem", "KeyPoint", "ListTitle", "QandASet"} and (
            text := words(child, LISTS | {"Table"})
        ):
            yield text
            yield from _paragraphs_within(child)


def _paragraphs_within(paragraph: Element) -> Iterator[str]:
    for child in paragraph:
        if name_of(child) in LISTS:
            yield from _paragraphs(child)


def _references(summary: Element) -> Iterator[Cited]:
    for section in summary.iter("SummarySection"):
        heading = tuple(
            title
            for above in (*reversed(list(section.iterancestors("SummarySection"))), section)
            if (title := _text(above, "Title"))
        )
        for each in section.iterfind("ReferenceSection/Citation"):
            yield Cited(
                anchor=each.get("idx") or "",
                heading=heading,
                text=words(each),
                pmid=pmid(each.get("PMID")),
            )


def _tables(summary: Element) -> Iterator[Table]:
    for table in summary.iter("Table"):
        heading = tuple(
            title
            for above in reversed(list(table.iterancestors("SummarySection")))
            if (title := _text(above, "Title"))
        )
        unreadable = None
        try:
            rows = cals_grid(table)
        except TableError as error:
            rows, unreadable = (), f"table not readable: {error}"
        if not rows and not unreadable:
            unreadable = "table not readable: it has no cells"
        yield Table(
            caption=_text(table, "Title"), heading=heading, rows=rows, unreadable=unreadable
        )


def read_questions(document: Element) -> Iterable[Document]:
    """Return the document of a MedQuAD file: each question is a heading, its answer the text.

    Raises:
        RecordError: it has no number, or no question.
    """
    number = (document.get("id") or "").strip()
    if not number:
        raise RecordError("it has no id")
    pairs = [(_text(pair, "Question"), _text(pair, "Answer")) for pair in document.iter("QAPair")]
    if not pairs:
        raise RecordError("it has no question")
    empty = sum(not answer for _, answer in pairs)
    address = document.get("url") or None
    return (
        Document(
            id=f"medquad:{number}",
            kind="evidence summary",
            title=_text(document, "Focus"),
            journal=document.get("source") or "MedQuAD",
            language=("eng",),
            keywords=tuple(words(each) for each in document.iter("Synonym")),
            body=tuple(
                Section(heading=(question,), text=answer) for question, answer in pairs if answer
            ),
            audience="patient" if address and "/patient/" in address else None,
            url=address,
            oddities=(f"{empty} questions have no answer",) if empty else (),
        ),
    )
