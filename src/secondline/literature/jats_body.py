"""The body of a JATS article: its text under headings, its tables as grids, its reference list."""

import re
from collections.abc import Iterable, Iterator

from secondline.literature import identifiers
from secondline.literature.grids import Grid, TableError, filled, html_grid
from secondline.literature.identifiers import pmc_number
from secondline.literature.marked import APART, children, joined, name_of, unraised, word, words
from secondline.literature.records import Cited, Section, Table
from secondline.literature.splitting import Element

IMAGE = "table not readable: it is an image"
NO_CELLS = "table not readable: it has no cells"
# Blocks whose parts are paragraphs of their own.
GROUPS = {
    "disp-quote", "boxed-text", "statement", "list", "list-item", "def-list", "speech", "fig-group",
    "table-wrap-group", "ack", "notes", "glossary", "app", "app-group", "sec", "def-item", "def",
    "question-wrap", "answer", "verse-group",
}  # fmt: skip
BEFORE_POINT = re.compile(r" ([,.:;)])")


def all_sections(article: Element, body: Element | None) -> Iterator[Section]:
    """Yield the sections of the body, of what stands behind it, and of articles within."""
    if body is not None:
        yield from _sections(body, ())
    for back in children(article, "back"):
        for part in back:
            if name_of(part) in {"ack", "app-group", "app", "notes", "glossary", "sec"}:
                yield from _sections(part, (word(part, "title"),) if word(part, "title") else ())
    for part in article:
        if name_of(part) in {"floats-group", "floats-wrap"}:
            yield from _sections(part, ())
        elif name_of(part) in {"sub-article", "response"}:
            title = words(next(part.iter("{*}article-title"), None)) or name_of(part)
            for inner in children(part, "body"):
                yield from _sections(inner, (title,))


def _sections(parent: Element, heading: tuple[str, ...]) -> Iterator[Section]:
    """Yield the text that stands directly under a heading, then what stands under its own."""
    inner = [child for child in parent if name_of(child) in {"sec", "app"}]
    own = "\n".join(_paragraphs(child for child in parent if child not in inner))
    if own:
        yield Section(heading=heading, text=own)
    for section in inner:
        title = " ".join(filter(None, (word(section, "label"), word(section, "title"))))
        yield from _sections(section, (*heading, title) if title else heading)


def _paragraphs(blocks: Iterable[Element]) -> Iterator[str]:
    for block in blocks:
        name = name_of(block)
        if name == "fig":
            yield from _caption(block)
        elif name in GROUPS:
            title = word(block, "title")
            yield from filter(None, (title,))
            yield from _paragraphs(child for child in block if name_of(child) != "title")
        elif name in {"p", "preformat", "verse-line", "attrib", "term"} or name.startswith("disp-"):
            if text := words(block, APART - {"disp-formula"}):
                yield text
            for figure in block.iter("{*}fig"):
                yield from _caption(figure)


def _caption(figure: Element) -> Iterator[str]:
    text = " ".join(filter(None, (word(figure, "label"), word(figure, "caption"))))
    if text:
        yield text


def tables(article: Element) -> Iterator[Table]:
    """Yield every table, one that is an image too, with why it cannot be read."""
    for wrap in article.iter("{*}table-wrap"):
        heading = tuple(
            title
            for above in reversed(list(wrap.iterancestors()))
            if name_of(above) == "sec" and (title := word(above, "title"))
        )
        rows, unreadable = _rows(wrap)
        yield Table(
            label=word(wrap, "label"),
            caption=word(wrap, "caption"),
            heading=heading,
            rows=rows,
            notes=" ".join(_notes(wrap)),
            unreadable=unreadable,
        )


def _rows(wrap: Element) -> tuple[Grid, str | None]:
    """Return the grids of a table one below the other, or why there is none."""
    grids = [each for each in wrap.iter("{*}table") if not _nested(each)]
    try:
        rows = filled(row for table in grids for row in html_grid(table))
    except TableError as error:
        return (), f"table not readable: {error}"
    if rows:
        return rows, None
    images = {"graphic", "inline-graphic", "media"}
    return (), IMAGE if any(name_of(each) in images for each in wrap.iter()) else NO_CELLS


def _nested(table: Element) -> bool:
    return any(name_of(above) == "table" for above in table.iterancestors())


def _notes(wrap: Element) -> Iterator[str]:
    for foot in children(wrap, "table-wrap-foot"):
        for note in foot.iter("{*}p", "{*}attrib"):
            label = next(
                (word(above, "label") for above in note.iterancestors() if name_of(above) == "fn"),
                "",
            )
            yield " ".join(filter(None, (label, words(note))))


def references(article: Element) -> Iterator[Cited]:
    """Yield the reference list."""
    for back in children(article, "back"):
        for entry in back.iter("{*}ref"):
            yield _cited(entry)


def _cited(entry: Element) -> Cited:
    numbers = {
        (each.get("pub-id-type") or ""): joined("".join(each.itertext()))
        for each in entry.iter("{*}pub-id", "{*}object-id")
    }
    citation = next(
        (child for child in entry if "citation" in name_of(child) or name_of(child) == "note"), None
    )
    return Cited(
        anchor=unraised(next(children(entry, "label"), None)).strip("[](). "),
        text=_citation(citation),
        pmid=identifiers.pmid(numbers.get("pmid")),
        pmcid=pmc_number(numbers.get("pmcid") or numbers.get("pmc")),
        doi=identifiers.doi(numbers.get("doi")),
    )


def _citation(citation: Element | None) -> str:
    """Write an entry of a reference list; where it is given in parts, the parts with blanks."""
    if citation is None:
        return ""
    if (citation.text or "").strip() or any((child.tail or "").strip() for child in citation):
        return BEFORE_POINT.sub(r"\1", words(citation, APART | {"pub-id"}))
    parts = (
        ", ".join(_names(child)) or words(child) for child in citation if name_of(child) != "pub-id"
    )
    return " ".join(filter(None, parts))


def _names(group: Element) -> Iterator[str]:
    for name in group.iter("{*}name"):
        yield " ".join(filter(None, (word(name, "surname"), word(name, "given-names"))))
